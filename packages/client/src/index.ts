export type { paths } from './api.js';
export { type BulkAnswer, type BulkEntry, postStatements } from './bulk.js';
export { type ClientOptions, createClient, type NodeClient } from './client.js';
export { followEvents, type ListenOptions, listenEvents, type NodeEvent } from './events.js';
export {
  type ExportedStatement,
  type ExportFilter,
  type ExportPurpose,
  type ExportSummary,
  exportStatements,
  exportTable,
} from './export.js';
export { ProblemError, UnreachableError, unexpectedAnswer } from './problem.js';
