/** What the benches of this folder share: their databases, which are named in a file and not in arguments that others can read. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { migrate, openStore, type Store } from '../src/index.js';

export interface Addresses {
  owner: string;
  application: string;
  role: string;
}

/** A line for each database: the owner's address, the application's, its role. */
export function addressesIn(file: string): Addresses[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [owner, application, role] = line.split(' ') as [string, string, string];
    return { owner, application, role };
  });
}

export const now = (): number => Math.floor(Date.now() / 1000);

export async function openMigrated(addresses: Addresses): Promise<Store> {
  await migrate(addresses.owner, { applicationRole: addresses.role });
  return openAgain(addresses);
}

export const openAgain = ({ application }: Addresses): Promise<Store> => openStore({ url: application, now, random: randomBytes });

/** Nearest rank; sorts the values. */
export function quantile(values: number[], p: number): number {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * p))]!;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** On disk, with indexes and what belongs to them; of the whole database where no tables are named. */
export async function bytesOf({ owner }: Addresses, tables?: string[]): Promise<number> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  const { rows } = await client.query<{ bytes: string }>(
    tables
      ? `SELECT sum(pg_total_relation_size(tree.relid)) AS bytes FROM unnest($1::text[]) AS name, pg_partition_tree(name::regclass) AS tree`
      : 'SELECT pg_database_size(current_database()) AS bytes',
    tables && [tables],
  );
  await client.end();
  return Number(rows[0]!.bytes);
}
