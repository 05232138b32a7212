import pg from 'pg';

/** Any number; the same in every starter. */
const holdersLock = 7_301_455;

/**
 * A session by which a starter holds the server. Each holder has the shared form of one advisory lock; whoever gets the
 * exclusive form is the last. A starter that is killed lets go by that alone.
 */
export interface Hold {
  /** Lets go; true if nobody else holds the server. The session then stays open, and keeps newcomers waiting, until the server stops. */
  release(): Promise<boolean>;
  close(): Promise<void>;
}

/** Connects and holds; undefined while no server of this folder answers. */
export async function hold(url: string, data: string): Promise<Hold | undefined> {
  const client = new pg.Client({ connectionString: url, ssl: false, connectionTimeoutMillis: 5000, application_name: 'entente starter' });
  // A server that dies takes the session with it; release() finds out.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // A copied folder has the port and the password of its original.
    const { rows } = await client.query("SELECT current_setting('data_directory') AS data, pg_advisory_lock_shared($1)", [holdersLock]);
    if (rows[0].data !== data) throw new Error('the server of another folder');
  } catch {
    await client.end().catch(() => undefined);
    return undefined;
  }
  const socket = (client as unknown as { connection: { stream: { ref(): void; unref(): void } } }).connection.stream;
  socket.unref();
  return {
    async release() {
      socket.ref();
      await client.query('SELECT pg_advisory_unlock_shared($1)', [holdersLock]);
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS last', [holdersLock]);
      return rows[0].last as boolean;
    },
    async close() {
      socket.ref();
      await client.end().catch(() => undefined);
    },
  };
}
