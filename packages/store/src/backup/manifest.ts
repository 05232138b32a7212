import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../error.js';

/** What a backup says of itself: `manifest.json` in its folder. Keys are in no backup. */
export interface Manifest {
  format: 1;
  entity_id: string;
  /** Seconds since the epoch: the moment of the snapshot. */
  taken_at: number;
  /** The database that it was taken of has been closed for good: this is the living one from now on. */
  final: boolean;
  schema: { version: number; migrations: { name: string; sha256: string }[] };
  /** Highest position of each sequence that has a partition. */
  reach: Record<string, number>;
  /** Where the histories stood. */
  heads: { name: string; rank: number; epoch: number; size: number }[];
  logs: { log: string; epoch: number; size: number; root: string }[];
  /** Key-encryption keys without which the contents in it stay closed. */
  kek_ids: string[];
  tables: BackedUpTable[];
}

export interface BackedUpTable {
  table: string;
  columns: string[];
  /** PostgreSQL's text format of COPY, gzip. */
  file: string;
  rows: number;
  bytes: number;
  /** Of the file, base64url. */
  sha256: string;
}

export const manifestFile = 'manifest.json';

/** @throws {StoreError} `backup_unfit` when there is none that this program can read */
export async function readManifest(folder: string): Promise<Manifest> {
  const unfit = (why: string) => new StoreError('backup_unfit', `${folder} ${why}`);
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(join(folder, manifestFile), 'utf8')) as Manifest;
  } catch {
    throw unfit('is no complete backup: it has no readable manifest');
  }
  if (manifest?.format !== 1) throw unfit('has another format than this program reads');
  if (!manifest.tables.every(({ file, table }) => file === fileOf(table))) throw unfit('names files that are not its own');
  return manifest;
}

export const fileOf = (table: string): string => `${table}.copy.gz`;
