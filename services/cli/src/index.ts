export { decide, type RawAnswers } from './agency/answers.js';
export { type Agency, createAgency } from './agency/create.js';
export type { Answers } from './agency/settings.js';
export { CliError, exitCodes, type FailureCode } from './failure.js';
export type { Terminal } from './outcome.js';
export { main } from './program.js';
