import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { newClient } from '../database/pool.js';
import { CallerError, callBack, StoreError, storeError } from '../error.js';
import { addRestoration } from '../recovery/restoration.js';
import { copyIn } from './copy.js';
import { type BackedUpTable, type Manifest, readManifest } from './manifest.js';
import { columnList, tablesOf } from './tables.js';
import { type RestoredCheckpoint, verifyHistory } from './verify.js';

export interface RestoreOptions {
  /** The role that owns the tables: of a migrated database that holds nothing. */
  ownerUrl: string;
  folder: string;
  /** Whose backup it must be. */
  entityId: string;
  /** Seconds since the epoch. */
  now: number;
  /** Contents erased after the backup was taken, as the `erased` leaves of a later copy of the log name them (`ref`, base64url). */
  erased?: readonly string[];
  /** Judges the signature of a checkpoint; throws if it is not the node's own. */
  verifyCheckpoint: (checkpoint: RestoredCheckpoint) => Promise<void>;
  progress?: (table: string, rows: number) => void;
}

export interface Restored {
  manifest: Manifest;
  /** Contents destroyed again: named by the caller, or past the end of their retention. */
  erased: { named: number; expired: number };
}

/**
 * Loads a backup, all of it or nothing, and leaves the database closed until it is recovered.
 * @throws {StoreError} `backup_unfit`, `backup_damaged`, `not_empty`, `unavailable`; and what `verifyCheckpoint` throws
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { folder, entityId } = options;
  const manifest = await readManifest(folder);
  if (manifest.entity_id !== entityId) throw new StoreError('backup_unfit', `the backup is of ${manifest.entity_id}, not of ${entityId}`);
  for (const table of manifest.tables) await verifyFile(folder, table);
  const client = newClient({ url: options.ownerUrl, applicationName: 'entente restore' });
  client.on('error', () => undefined); // the query in flight fails with it
  try {
    await client.connect();
    await client.query('BEGIN');
    await requireFit(client, manifest);
    await load(client, options, manifest);
    for (const checkpoint of await verifyHistory(client)) await callBack(options.verifyCheckpoint, checkpoint);
    await addRestoration(client, manifest.final ? 'taken_over' : 'restored', options.now, manifest.taken_at);
    const erased = await eraseAgain(client, options);
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return { manifest, erased };
  } catch (error) {
    throw error instanceof CallerError ? error.cause : storeError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function verifyFile(folder: string, { file, sha256 }: BackedUpTable): Promise<void> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(join(folder, file))) hash.update(chunk as Buffer);
  } catch {
    throw new StoreError('backup_damaged', `${file} of the backup cannot be read`);
  }
  if (hash.digest('base64url') !== sha256) throw new StoreError('backup_damaged', `${file} of the backup is not what was written`);
}

/** The same schema, to the letter; the same tables; nothing in them. */
async function requireFit(client: pg.Client, { schema, tables: backedUp }: Manifest): Promise<void> {
  const { rows: migrations } = await client
    .query<{ name: string; sha256: string }>('SELECT name, sha256 FROM migration ORDER BY version')
    .catch(() => {
      throw new StoreError('schema_older', 'the database has no tables yet: run the migration');
    });
  const same = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other);
  if (!same(migrations, schema.migrations)) {
    throw new StoreError(
      'backup_unfit',
      `the backup has schema ${schema.version}, the database ${migrations.length}: restore it with the version that took it, then migrate`,
    );
  }
  const tables = await tablesOf(client);
  const shapes = (list: { columns: string[] }[], name: (one: never) => string) => list.map((one) => [name(one as never), one.columns]);
  if (
    !same(
      shapes(tables, ({ name }: { name: string }) => name),
      shapes(backedUp, ({ table }: BackedUpTable) => table),
    )
  ) {
    throw new StoreError('backup_unfit', 'the backup has other tables than the database');
  }
  for (const { name } of tables) {
    const { rows } = await client.query(`SELECT FROM "${name}" LIMIT 1`);
    if (rows.length > 0)
      throw new StoreError('not_empty', `the database holds data (${name}): a backup is restored into an empty one only`);
  }
}

/** Rules on what may follow what are for the living: the rows come in one after the other. */
async function load(client: pg.Client, { folder, progress }: RestoreOptions, { tables, reach }: Manifest): Promise<void> {
  for (const [sequence, position] of Object.entries(reach)) await client.query('SELECT extend_partitions($1, $2)', [sequence, position]);
  for (const { table } of tables) await client.query(`ALTER TABLE "${table}" DISABLE TRIGGER USER`);
  for (const one of tables) {
    const rows = await loadTable(client, folder, one);
    if (rows !== one.rows) throw new StoreError('backup_damaged', `${one.file} of the backup has ${rows} rows, not ${one.rows}`);
    progress?.(one.table, rows);
  }
  for (const { table } of tables) await client.query(`ALTER TABLE "${table}" ENABLE TRIGGER USER`);
}

async function loadTable(client: pg.Client, folder: string, { table, columns, file }: BackedUpTable): Promise<number> {
  const source = createReadStream(join(folder, file));
  const text = source.pipe(createGunzip());
  source.once('error', (error) => text.destroy(error));
  return await copyIn(client, `COPY "${table}" (${columnList(columns)}) FROM STDIN`, text as AsyncIterable<Buffer>);
}

const expiredText = `SELECT c.ref FROM content_name c JOIN inbox i ON i.digest = c.ref JOIN received r ON r.position = i.position
  WHERE c.erased_at IS NULL AND r.retain_until <= $1`;

/** What has been erased since, or should have been, is not given back by a backup. The log says so once it goes on. */
async function eraseAgain(client: pg.Client, { erased = [], now }: RestoreOptions): Promise<Restored['erased']> {
  const count = async (refs: Buffer[]) => {
    let done = 0;
    for (const ref of refs) {
      const { rows } = await client.query<{ erase: boolean }>('SELECT erase($1, $2)', [ref, now]);
      if (rows[0]!.erase) done += 1;
    }
    return done;
  };
  const named = await count(erased.map((ref) => Buffer.from(ref, 'base64url')));
  const { rows } = await client.query<{ ref: Buffer }>(expiredText, [now]);
  return { named, expired: await count(rows.map((row) => row.ref)) };
}
