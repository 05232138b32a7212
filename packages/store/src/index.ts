export type * from './act.js';
export { type StoreCode, StoreError } from './error.js';
export { type MigrateOptions, migrate } from './migrate.js';
export { openStore, type StoreOptions } from './open.js';
export type * from './records.js';
export { schemaVersion } from './schema-version.js';
export type * from './store.js';
