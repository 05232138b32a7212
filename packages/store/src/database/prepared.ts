import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';

/**
 * As the name of a statement: none. A plan that is kept was made for the table as it was then; a look into a queue that has grown to
 * thousands since could take minutes by it.
 */
export const planAnew = '';

/** A query of drizzle that is built once for each connection: building it anew costs more than planning it. */
export function preparedOn<Q>(prepare: (db: NodePgDatabase) => Q): (client: pg.PoolClient) => Q {
  const made = new WeakMap<pg.PoolClient, Q>();
  return (client) => {
    const query = made.get(client) ?? prepare(drizzle(client));
    made.set(client, query);
    return query;
  };
}
