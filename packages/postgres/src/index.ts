export { createDatabase, type DatabaseNames, type DatabaseUrls, dropDatabase, type ServerAccess } from './database.js';
export { type DumpedRow, dump } from './dump.js';
export { type PostgresCode, PostgresError } from './error.js';
export { freePorts } from './port.js';
export { type Server, type StartOptions, startServer } from './server.js';
