import type pg from 'pg';

/** Runs `work` between BEGIN and COMMIT; rolls back and throws on if it fails. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return within(pool, 'BEGIN', work);
}

/**
 * What a peer asked for is done as that peer: row-level security hides every row of another. No table is read from end to end for it: the
 * way to its rows, and the time that they take, must not turn with the number of others' rows.
 */
export async function asPeer<T>(pool: pg.Pool, peer: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return within(pool, (client) => `BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL entente.peer = ${client.escapeLiteral(peer)}`, work);
}

async function within<T>(
  pool: pg.Pool,
  begin: string | ((client: pg.PoolClient) => string),
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // In pipeline mode (database/pool.ts) the first query goes with BEGIN, in one round trip.
    const [, result] = await Promise.all([client.query(typeof begin === 'string' ? begin : begin(client)), work(client)]);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that cannot even roll back is not given back to the pool.
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
