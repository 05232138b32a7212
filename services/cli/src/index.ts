export { CliError, exitCodes, type FailureCode } from './failure.js';
export type { Outcome, Terminal } from './outcome.js';
export { main } from './program.js';
