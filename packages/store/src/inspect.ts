import type pg from 'pg';
import { newClient } from './database/pool.js';
import { storeError } from './error.js';
import { readVersion } from './migrate.js';
import { readPending } from './recovery/restoration.js';

/** What a database is like, as seen by one of its roles. */
export interface Inspection {
  /** Of the server, e.g. 180000 and `18.0`. */
  server: { number: number; text: string };
  role: { name: string; superuser: boolean; bypassesRowSecurity: boolean; ownsTables: boolean };
  /** Number of the last migration; 0 for a database without tables. */
  schema: number;
  settings: { fsync: string; fullPageWrites: string; synchronousCommit: string };
  /** Of this role: rights that it must not have, each as `RIGHT on table`. */
  excessive: string[];
  /** And rights without which the node cannot work. */
  lacking: string[];
  /** Seconds by which the database's clock is ahead of the one given. */
  clockAhead: number;
  bytes: number;
  /** It came from a backup and adds nothing. */
  notRecovered: boolean;
}

const serverText = `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text,
  current_setting('fsync') AS fsync, current_setting('full_page_writes') AS "fullPageWrites",
  current_setting('synchronous_commit') AS "synchronousCommit",
  extract(epoch FROM clock_timestamp())::float8 AS clock, pg_database_size(current_database()) AS bytes,
  r.rolname AS name, r.rolsuper AS superuser, r.rolbypassrls AS "bypassesRowSecurity" FROM pg_roles r WHERE r.rolname = current_user`;

/** What was said and signed is added to and never changed: no role that serves may touch it. */
const history = ['statement', 'release', 'page', 'receipt', 'receipt_held', 'received', 'log_leaf', 'log_hash', 'checkpoint', 'migration'];
const rightsText = `SELECT t AS "table", p AS "right", has_table_privilege(t, p) AS held
  FROM unnest($1::text[]) AS t, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p WHERE to_regclass(t) IS NOT NULL`;
const ownsText = `SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'statement' AND relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)) AS owns`;

/**
 * Looks and changes nothing.
 * @param now seconds since the epoch
 * @throws {StoreError} `unavailable`
 */
export async function inspectDatabase(url: string, now: () => number): Promise<Inspection> {
  const client = newClient({ url, applicationName: 'entente doctor' });
  client.on('error', () => undefined); // the query in flight fails with it
  try {
    await client.connect();
    return await inspect(client, now);
  } catch (error) {
    throw storeError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

type ServerRow = Inspection['server'] & Inspection['settings'] & Omit<Inspection['role'], 'ownsTables'> & { clock: number; bytes: number };

async function inspect(client: pg.Client, now: () => number): Promise<Inspection> {
  const before = now();
  const { rows } = await client.query<ServerRow>(serverText);
  const { number, text, fsync, fullPageWrites, synchronousCommit, name, superuser, bypassesRowSecurity, clock, bytes } = rows[0]!;
  const schema = await readVersion(client);
  const rights = await client.query<{ table: string; right: string; held: boolean }>(rightsText, [history]);
  const named = (wanted: (row: { table: string; right: string; held: boolean }) => boolean) =>
    rights.rows.filter(wanted).map((row) => `${row.right} on ${row.table}`);
  const added = ({ table, right }: { table: string; right: string }) => right === 'SELECT' || (right === 'INSERT' && table !== 'migration');
  const owns = await client.query<{ owns: boolean }>(ownsText);
  return {
    server: { number, text },
    role: { name, superuser, bypassesRowSecurity, ownsTables: owns.rows[0]!.owns },
    schema,
    settings: { fsync, fullPageWrites, synchronousCommit },
    excessive: named((row) => row.held && !added(row)),
    lacking: named((row) => !row.held && added(row)),
    clockAhead: clock - (before + now()) / 2,
    bytes,
    notRecovered: schema > 1 && (await readPending(client)) !== undefined,
  };
}
