export type { paths } from './api.js';
export { type ClientOptions, createClient, type NodeClient } from './client.js';
export { ProblemError, UnreachableError, unexpectedAnswer } from './problem.js';
