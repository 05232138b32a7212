import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { lockLog } from '../commit/heads.js';
import { transaction } from '../database/transaction.js';
import { callBack } from '../error.js';
import { hashReader } from '../log/hashes.js';
import { padLog } from '../log/pad.js';
import type { Partitions } from '../partitions.js';
import type { LogName } from '../records.js';
import type { Logs } from '../store.js';
import { checkpoint } from '../tables/log.js';
import { beginEpoch } from './begin.js';
import { cutPage } from './cut-page.js';

interface Tools {
  pool: pg.Pool;
  partitions: Partitions;
  now: () => number;
  random: (bytes: number) => Uint8Array;
}

type Closing = Parameters<Logs['openEpoch']>[0];

/** Waits for whoever cuts a checkpoint at this moment: he would sign for an epoch that is over. */
const cutterLocks = `SELECT pg_advisory_xact_lock(hashtext('entente checkpoint ' || log)) FROM unnest(ARRAY['exchange', 'access']) AS log`;
const headsText = 'SELECT rank, name, epoch, size, paged FROM head ORDER BY rank, name FOR UPDATE';

interface Head {
  rank: number;
  name: string;
  epoch: number;
  size: number;
  paged: number;
}

/**
 * Ends the epoch and begins the next in one transaction, under the locks of all heads: nothing is committed between the last checkpoint of the
 * one and the first leaf of the other. What is signed here is shown to nobody before it is committed.
 */
export function epochOpener(tools: Tools): Logs['openEpoch'] {
  const { pool, now, random } = tools;
  return (closing) =>
    transaction(pool, async (client) => {
      await client.query(cutterLocks);
      const { rows } = await client.query<Head>(headsText);
      const before = Math.max(...rows.map(({ epoch }) => epoch));
      if (before >= closing.epoch) return false;
      for (const { rank, name, size, paged } of rows) if (rank === 0 && paged < size) await pageRest(client, name, closing, now);
      await padLog(client, await lockLog(client, 'exchange'), tools);
      for (const log of ['exchange', 'access'] as const) await closeLog(client, log, closing, now());
      await beginEpoch(client, before, { ...closing, now: now(), random });
      return true;
    });
}

/** A feed begins anew, and its old pages must name everything that stood on it. */
async function pageRest(client: pg.PoolClient, peer: string, { page }: Closing, now: () => number): Promise<void> {
  const written: Promise<unknown>[] = [];
  const last = (answer: Promise<unknown>) => void written.push(answer);
  while (await cutPage(client, { peer, max: page.max, sign: (each) => page.sign(peer, each), now, last })) await Promise.all(written);
  await Promise.all(written);
}

/** The last checkpoint of a log, if it has grown since the one before and its key can still sign. */
async function closeLog(client: pg.PoolClient, log: LogName, { sign }: Closing, at: number): Promise<void> {
  const { epoch, frontier } = await lockLog(client, log);
  const [size, root] = [frontier.size, frontier.root()];
  const { rows } = await client.query<{ size: number; root: Buffer }>(
    'SELECT size, root FROM checkpoint WHERE log = $1 AND epoch = $2 ORDER BY size DESC LIMIT 1',
    [log, epoch],
  );
  const previous = rows[0] && { size: rows[0].size, root: new Uint8Array(rows[0].root) };
  if (size === (previous?.size ?? 0)) return;
  const hashes = hashReader(client);
  const read = (level: number, index: number, count: number) => hashes(log, epoch, level, index, count);
  const note = await callBack(() => sign(log, { epoch, size, root, ...(previous && { previous }) }, read), undefined);
  if (note !== undefined) await drizzle(client).insert(checkpoint).values({ log, epoch, size, root, note, at });
}
