import type pg from 'pg';

/** Resolves when a connection of this application waits for a lock that somebody else holds. */
export async function untilBlocked(pool: pg.Pool, applicationName: string): Promise<void> {
  const text = `SELECT FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`;
  while ((await pool.query(text, [applicationName])).rowCount === 0) await new Promise((resume) => setImmediate(resume));
}

/** Resolves when no connection of this application is left. */
export async function untilGone(pool: pg.Pool, applicationName: string): Promise<void> {
  const text = 'SELECT FROM pg_stat_activity WHERE application_name = $1';
  while ((await pool.query(text, [applicationName])).rowCount !== 0) await new Promise((resume) => setImmediate(resume));
}

/** Does something in a transaction of its own that stays open until it is disposed; nothing of it remains. */
export async function holding(pool: pg.Pool, ...statements: [text: string, values?: unknown[]][]): Promise<AsyncDisposable> {
  const client = await pool.connect();
  await client.query('BEGIN');
  for (const [text, values] of statements) await client.query(text, values);
  return {
    [Symbol.asyncDispose]: async () => {
      await client.query('ROLLBACK');
      client.release();
    },
  };
}
