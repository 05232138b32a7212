import type pg from 'pg';

/** Sent with the COMMIT, in one round trip: what nobody has to look at before. */
export type Last = (answer: Promise<unknown>) => void;

/** Runs `work` between BEGIN and COMMIT; rolls back and throws on if it fails. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return within(pool, 'BEGIN', work);
}

/**
 * What a peer asked for is done as that peer: row-level security hides every row of another. No table is read from end to end for it: the
 * way to its rows, and the time that they take, must not turn with the number of others' rows.
 */
export async function asPeer<T>(pool: pg.Pool, peer: string, work: (client: pg.PoolClient, last: Last) => Promise<T>): Promise<T> {
  return within(pool, (client) => beginAs(client, peer), work);
}

/** As `asPeer`, for one query, which goes in one round trip with what begins and ends its transaction. It must be sent when `ask` returns. */
export async function askAsPeer<T>(pool: pg.Pool, peer: string, ask: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const sent = [client.query(beginAs(client, peer)), ask(client), client.query('COMMIT')] as const;
  const [, answer, ended] = await Promise.allSettled(sent);
  client.release(ended.status === 'rejected' ? ended.reason : undefined);
  if (ended.status === 'rejected') throw ended.reason;
  if (answer.status === 'rejected') throw answer.reason;
  return answer.value;
}

const beginAs = (client: pg.PoolClient, peer: string): string =>
  `BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL entente.peer = ${client.escapeLiteral(peer)}`;

async function within<T>(
  pool: pg.Pool,
  begin: string | ((client: pg.PoolClient) => string),
  work: (client: pg.PoolClient, last: Last) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const lasting: Promise<unknown>[] = [];
  const last: Last = (answer) => {
    answer.catch(() => undefined); // thrown below
    lasting.push(answer);
  };
  let broken: Error | undefined;
  try {
    // In pipeline mode (database/pool.ts) the first query goes with BEGIN, in one round trip.
    const [, result] = await Promise.all([client.query(typeof begin === 'string' ? begin : begin(client)), work(client, last)]);
    await together([...lasting, client.query('COMMIT')]);
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

/** Waits for every answer, then throws the first failure: after it, the server has refused the rest and taken the COMMIT for a ROLLBACK. */
async function together(answers: Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(answers)) if (outcome.status === 'rejected') throw outcome.reason;
}
