import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { StoreError, storeError } from './error.js';
import { schemaVersion } from './schema-version.js';

export interface MigrateOptions {
  /** Role that the running node logs in with; it must exist. */
  applicationRole: string;
  /** Of the numbered SQL files; the project's own by default. */
  directory?: string;
  /** Positions per partition of the large tables, when they are first made: 1,000,000. */
  partitionSize?: number;
  log?: (line: string) => void;
}

interface Migration {
  version: number;
  name: string;
  sql: string;
  sha256: string;
}

const ownDirectory = fileURLToPath(new URL('../../../../migrations/', import.meta.url));
const migrationLock = 7_301_457;

const historyText = `CREATE TABLE IF NOT EXISTS migration (version integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;

/**
 * Brings the database to the schema of this program: numbered files in order, each in one transaction, each once, also when several
 * processes start at the same time.
 *
 * @param ownerUrl the role that owns the tables
 * @returns versions before and after
 * @throws {StoreError} `schema_newer`, `migration_changed`, `unavailable`
 */
export async function migrate(ownerUrl: string, options: MigrateOptions): Promise<{ from: number; to: number }> {
  const migrations = await readMigrations(options.directory ?? ownDirectory);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'entente migrate' });
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await client.query(historyText);
    const from = await checkHistory(client, migrations);
    for (const migration of migrations.slice(from)) await apply(client, migration, options);
    return { from, to: migrations.length };
  } catch (error) {
    throw storeError(error);
  } finally {
    await client.end();
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return await Promise.all(
    names.map(async (name, i) => {
      const version = Number(name.slice(0, 4));
      if (version !== i + 1) throw new StoreError('migration_changed', `${name} should have the number ${i + 1}`);
      const sql = await readFile(`${directory}/${name}`, 'utf8');
      return { version, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Version of the database. What was applied must be what is here. */
async function checkHistory(client: pg.Client, migrations: readonly Migration[]): Promise<number> {
  const { rows } = await client.query<Migration>('SELECT version, name, sha256 FROM migration ORDER BY version');
  if (rows.length > migrations.length) {
    throw new StoreError(
      'schema_newer',
      `the database has schema ${rows.length}, this program knows ${migrations.length}: install the newer program`,
    );
  }
  const changed = rows.find((row, i) => row.sha256 !== migrations[i]!.sha256);
  if (changed !== undefined) throw new StoreError('migration_changed', `${changed.name} is another text than the one that was applied`);
  return rows.length;
}

async function apply(client: pg.Client, { version, name, sql, sha256 }: Migration, options: MigrateOptions): Promise<void> {
  options.log?.(`applying ${name}`);
  await client.query('BEGIN');
  await client.query(`SELECT set_config('entente.application_role', $1, true), set_config('entente.partition_size', $2, true)`, [
    options.applicationRole,
    String(options.partitionSize ?? 1_000_000),
  ]);
  await client.query(sql);
  await client.query('INSERT INTO migration (version, name, sha256) VALUES ($1, $2, $3)', [version, name, sha256]);
  await client.query('COMMIT');
}

/** @throws {StoreError} `schema_older`, `schema_newer` */
export async function checkSchema(pool: pg.Pool): Promise<void> {
  const version = await readVersion(pool);
  if (version < schemaVersion)
    throw new StoreError('schema_older', `the database has schema ${version}, this program needs ${schemaVersion}: run the migration`);
  if (version > schemaVersion)
    throw new StoreError(
      'schema_newer',
      `the database has schema ${version}, this program knows ${schemaVersion}: install the newer program`,
    );
}

/** 0 for a database without tables. */
export async function readVersion(pool: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rows: found } = await pool.query<{ there: boolean }>(`SELECT to_regclass('migration') IS NOT NULL AS there`);
  if (!found[0]!.there) return 0;
  const { rows } = await pool.query<{ version: number }>('SELECT coalesce(max(version), 0) AS version FROM migration');
  return rows[0]!.version;
}
