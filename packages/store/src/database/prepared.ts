import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';

/** A query of drizzle that is built once for each connection and planned there once: building it anew costs more than asking it. */
export function preparedOn<Q>(prepare: (db: NodePgDatabase) => Q): (client: pg.PoolClient) => Q {
  const made = new WeakMap<pg.PoolClient, Q>();
  return (client) => {
    const query = made.get(client) ?? prepare(drizzle(client));
    made.set(client, query);
    return query;
  };
}
