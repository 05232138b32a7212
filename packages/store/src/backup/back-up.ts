import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Frontier } from '@entente/ledger';
import type pg from 'pg';
import { newClient } from '../database/pool.js';
import { StoreError, storeError } from '../error.js';
import { giveAway } from '../recovery/restoration.js';
import { copyOut } from './copy.js';
import { type BackedUpTable, fileOf, type Manifest, manifestFile } from './manifest.js';
import { columnList, type Table, tablesOf } from './tables.js';

export interface BackUpOptions {
  /** Any role that may read every table; with `final`, the owner. */
  url: string;
  /** Must not exist, or be empty. It appears under its name when it is complete. */
  folder: string;
  entityId: string;
  /** Seconds since the epoch. */
  now: number;
  /** Closes this database for good before the snapshot is taken, so that nothing can follow it. */
  final?: boolean;
  /** Called as each table is written. */
  progress?: (table: string, rows: number) => void;
}

/**
 * Writes every table, as it stood at one moment, into a folder. The node may go on meanwhile.
 * @throws {StoreError} `unavailable`, `not_empty` (the folder)
 */
export async function backUp(options: BackUpOptions): Promise<Manifest> {
  const { folder } = options;
  await refuseUsed(folder);
  const draft = join(dirname(folder), `.${options.now}-${process.pid}.backup`);
  const client = newClient({ url: options.url, applicationName: 'entente backup' });
  client.on('error', () => undefined); // the query in flight fails with it
  try {
    await client.connect();
    if (options.final) await giveAway(client, options.now);
    await mkdir(draft, { recursive: true, mode: 0o700 });
    const manifest = await snapshot(client, draft, options);
    await writeFile(join(draft, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true } as object);
    await rename(draft, folder);
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw isFileError(error) ? error : storeError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const isFileError = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined;

async function refuseUsed(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (found.length > 0) throw new StoreError('not_empty', `${folder} is not empty: a backup has a folder of its own`);
}

async function snapshot(client: pg.Client, folder: string, { entityId, now, final = false, progress }: BackUpOptions): Promise<Manifest> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const described = await describe(client);
  const tables: BackedUpTable[] = [];
  for (const table of await tablesOf(client)) {
    const written = await writeTable(client, folder, table);
    progress?.(written.table, written.rows);
    tables.push(written);
  }
  await client.query('COMMIT');
  return { format: 1, entity_id: entityId, taken_at: now, final, ...described, tables };
}

async function writeTable(client: pg.Client, folder: string, { name, columns }: Table): Promise<BackedUpTable> {
  const file = fileOf(name);
  const source = copyOut(client, `COPY (SELECT ${columnList(columns)} FROM "${name}") TO STDOUT`);
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(source, createGzip(), measure, createWriteStream(join(folder, file), { mode: 0o600, flush: true } as object));
  return { table: name, columns, file, rows: source.rows, bytes, sha256: hash.digest('base64url') };
}

const reachText = `SELECT sequence, max(upper) - 1 AS reach FROM partitioned GROUP BY sequence ORDER BY sequence`;
const keksText = `SELECT DISTINCT kek_id FROM (
  SELECT kek_id FROM content UNION ALL SELECT kek_id FROM quarantine UNION ALL SELECT kek_id FROM draft
  UNION ALL SELECT kek_id FROM shipment UNION ALL SELECT kek_id FROM declaration) AS k WHERE kek_id IS NOT NULL ORDER BY 1`;

async function describe(client: pg.Client): Promise<Pick<Manifest, 'schema' | 'reach' | 'heads' | 'logs' | 'kek_ids'>> {
  const migrations = await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM migration ORDER BY version');
  const reach = await client.query<{ sequence: string; reach: number }>(reachText);
  const heads = await client.query<{ rank: number; name: string; epoch: number; size: number; edge: Buffer | null }>(
    'SELECT rank, name, epoch, size, edge FROM head ORDER BY rank, name',
  );
  const keks = await client.query<{ kek_id: string }>(keksText);
  return {
    schema: { version: migrations.rows.length, migrations: migrations.rows },
    reach: Object.fromEntries(reach.rows.map((row) => [row.sequence, row.reach])),
    heads: heads.rows.map(({ rank, name, epoch, size }) => ({ rank, name, epoch, size })),
    logs: heads.rows
      .filter(({ name, rank }) => rank >= 2 && name !== '')
      .map(({ name, epoch, size, edge }) => ({ log: name, epoch, size, root: rootOf(size, edge!) })),
    kek_ids: keks.rows.map((row) => row.kek_id),
  };
}

function rootOf(size: number, edge: Buffer): string {
  const hashes = Array.from({ length: edge.length / 32 }, (_, i) => new Uint8Array(edge.subarray(32 * i, 32 * i + 32)));
  return Buffer.from(Frontier.from(size, hashes).root()).toString('base64url');
}
