import type pg from 'pg';
import { newClient } from '../database/pool.js';
import { StoreError, storeError } from '../error.js';

/** Why a database adds nothing until it is recovered. */
export interface Restoration {
  number: number;
  /** `given_away`: a final backup was taken of it. `restored`: from an ordinary backup, after which its node went on. `taken_over`: from a final one. */
  cause: 'given_away' | 'restored' | 'taken_over';
  /** Seconds since the epoch. */
  at: number;
  /** When its backup was taken. */
  takenAt: number;
}

const pendingText = `SELECT number, cause, at, taken_at AS "takenAt" FROM restoration
  WHERE number > (SELECT coalesce(max(restoration), 0) FROM recovery) ORDER BY number DESC LIMIT 1`;

export async function readPending(client: pg.ClientBase): Promise<Restoration | undefined> {
  const { rows } = await client.query<Restoration>(pendingText);
  return rows[0];
}

/**
 * What this database must be recovered from before a node may use it, if anything.
 * @throws {StoreError} `unavailable`
 */
export async function pendingRestoration(url: string): Promise<Restoration | undefined> {
  const client = newClient({ url, applicationName: 'entente' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await readPending(client);
  } catch (error) {
    throw storeError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const addText = `INSERT INTO restoration (number, cause, at, taken_at)
  VALUES ((SELECT coalesce(max(number), 0) + 1 FROM restoration), $1, $2, $3)`;

export async function addRestoration(client: pg.ClientBase, cause: Restoration['cause'], at: number, takenAt: number): Promise<void> {
  await client.query(addText, [cause, at, takenAt]);
}

/**
 * A database that turned out to be older than what others hold of its node, though nobody said that it was restored, e.g. a copy of its
 * disk: from now on it adds nothing until it is recovered.
 * @throws {StoreError} `unavailable`
 */
export async function closeUntilRecovered(ownerUrl: string, now: number): Promise<Restoration> {
  const client = newClient({ url: ownerUrl, applicationName: 'entente recover' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM head ORDER BY rank, name FOR UPDATE');
    if (!(await readPending(client))) await addRestoration(client, 'restored', now, 0);
    await client.query('COMMIT');
    return (await readPending(client))!;
  } catch (error) {
    throw storeError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** From the commit on nothing is added to this database: whoever holds a head finishes first, and whoever comes after is refused. */
export async function giveAway(client: pg.ClientBase, now: number): Promise<void> {
  await client.query('BEGIN');
  await client.query('SELECT FROM head ORDER BY rank, name FOR UPDATE');
  const pending = await readPending(client);
  if (pending && pending.cause !== 'given_away')
    throw new StoreError('not_recovered', 'this database came from a backup and is not recovered: it cannot be given on as the living one');
  if (!pending) await addRestoration(client, 'given_away', now, now);
  await client.query('COMMIT');
}
