/** What storing alone costs on the same PostgreSQL: what the bench measures the node against. The only SQL of the bench. */
import pg from 'pg';

export interface Floor extends AsyncDisposable {
  /** One row of `jsonb`, durable when it resolves. */
  store(body: unknown): Promise<void>;
  /** The smallest durable commit. */
  commit(): Promise<void>;
}

/** Opens the comparison's own tables. `synchronous_commit` is on, whatever the server says: nothing that is answered may be lost. */
export async function openFloor(url: string, connections: number): Promise<Floor> {
  const pool = new pg.Pool({ connectionString: url, max: connections, options: '-c synchronous_commit=on' });
  pool.on('error', () => undefined); // the query in flight fails, and says so
  await pool.query('CREATE TABLE IF NOT EXISTS alert (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body jsonb NOT NULL)');
  await pool.query('CREATE TABLE IF NOT EXISTS mark (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)');
  return {
    store: async (body) => {
      await pool.query({ name: 'store', text: 'INSERT INTO alert (body) VALUES ($1)', values: [JSON.stringify(body)] });
    },
    commit: async () => {
      await pool.query({ name: 'mark', text: 'INSERT INTO mark DEFAULT VALUES' });
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/** Calls back when a receipt is durable at the node of this database: the node's own announcement, delivered after the commit. */
export async function hearReceipts(url: string, heard: () => void): Promise<AsyncDisposable> {
  const client = new pg.Client({ connectionString: url });
  client.on('notification', ({ payload }) => {
    if ((JSON.parse(payload ?? '{}') as { kind?: string }).kind === 'receipt') heard();
  });
  await client.connect();
  await client.query('LISTEN entente');
  return { [Symbol.asyncDispose]: () => client.end() };
}

/** In words, for the head of the report. */
export async function describeServer(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string; fsync: string }>(
      `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync`,
    );
    return `PostgreSQL ${rows[0]!.version}, fsync ${rows[0]!.fsync}, synchronous_commit on`;
  } finally {
    await client.end();
  }
}
