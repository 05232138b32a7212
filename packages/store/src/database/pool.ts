import pg from 'pg';

const int8 = 20;

/** Positions, sizes and times are below 2^53: numbers, not the strings that pg makes of a bigint. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

export interface Connection {
  url: string;
  applicationName: string;
}

/** The node's own work: it may see the rows of every peer. Sessions that do not say so see none (row-level security). */
function settings({ url, applicationName }: Connection): pg.ClientConfig {
  return { connectionString: url, application_name: applicationName, options: '-c entente.peer=*', types, keepAlive: true };
}

/** In pipeline mode a query is sent before the one ahead of it is answered. */
export function openPool(connection: Connection, size: number): pg.Pool {
  const pool = new pg.Pool({ ...settings(connection), max: size, pipeline: true });
  // A connection that breaks leaves the pool by itself and fails the query in flight; its event, unheard, would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** A connection of its own, for what lives as long as a session: LISTEN and advisory locks. */
export function newClient(connection: Connection): pg.Client {
  return new pg.Client(settings(connection));
}
