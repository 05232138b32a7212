import { Frontier, leafHash } from '@entente/ledger';
import type pg from 'pg';
import { nextLink, startOfChain } from '../commit/heads.js';
import { StoreError } from '../error.js';

export interface RestoredCheckpoint {
  log: 'exchange' | 'access';
  epoch: number;
  size: number;
  root: Uint8Array;
  note: string;
}

const atOnce = 10_000;
const damaged = (what: string) => new StoreError('backup_damaged', `the backup is not what was backed up: ${what}`);

/**
 * Recomputes what can be recomputed: names of statements and releases, chains of feeds, both logs from their leaves, in every epoch.
 * @returns the latest checkpoint of each log and epoch, whose root has been found again
 * @throws {StoreError} `backup_damaged`
 */
export async function verifyHistory(client: pg.ClientBase): Promise<RestoredCheckpoint[]> {
  for (const table of ['statement', 'release']) await verifyNames(client, table);
  await verifyFeeds(client);
  return await verifyLogs(client);
}

async function verifyNames(client: pg.ClientBase, table: string): Promise<void> {
  const { rows } = await client.query<{ position: number }>(
    `SELECT position FROM "${table}" WHERE digest <> sha256(convert_to(jwt, 'UTF8')) LIMIT 1`,
  );
  if (rows[0]) throw damaged(`the ${table} at position ${rows[0].position} has another digest`);
}

interface FeedRow {
  peer: string;
  epoch: number;
  size: number;
  chain: Buffer;
}

/** Of each feed in each of its epochs; the present one must end where its head says. */
const feedsText = `SELECT f.peer, f.epoch, coalesce(h.size, f.last) AS size, h.chain
  FROM (SELECT peer, epoch, max(position) AS last FROM release GROUP BY peer, epoch
    UNION SELECT name, epoch, size FROM head h WHERE rank = 0 AND NOT EXISTS (SELECT FROM release r WHERE r.peer = h.name AND r.epoch = h.epoch)) AS f
  LEFT JOIN head h ON h.rank = 0 AND h.name = f.peer AND h.epoch = f.epoch`;
const releasesText = `SELECT position, digest, chain FROM release WHERE peer = $1 AND epoch = $2 AND position > $3 ORDER BY position LIMIT ${atOnce}`;

async function verifyFeeds(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<FeedRow>(feedsText);
  for (const { peer, epoch, size, chain: end } of rows) {
    let chain: Uint8Array = startOfChain;
    let last = 0;
    for (;;) {
      const { rows: part } = await client.query<{ position: number; digest: Buffer; chain: Buffer }>(releasesText, [peer, epoch, last]);
      for (const release of part) {
        chain = nextLink(chain, release.digest.toString('base64url'));
        last += 1;
        if (release.position !== last || !release.chain.equals(chain)) throw damaged(`the feed to ${peer} breaks at position ${last}`);
      }
      if (part.length < atOnce) break;
    }
    if (last !== size || (end !== null && !end.equals(chain))) throw damaged(`the feed to ${peer} has not the end that its head names`);
  }
}

interface LogRow {
  log: RestoredCheckpoint['log'];
  epoch: number;
  size: number | null;
  edge: Buffer | null;
}

const logsText = `SELECT l.log, l.epoch, h.size, h.edge
  FROM (SELECT log, epoch FROM log_leaf GROUP BY log, epoch UNION SELECT name, epoch FROM head WHERE rank >= 2
    UNION SELECT log, epoch FROM checkpoint GROUP BY log, epoch) AS l
  LEFT JOIN head h ON h.rank >= 2 AND h.name = l.log AND h.epoch = l.epoch ORDER BY 1, 2`;
const leavesText = `SELECT position, leaf, hash FROM log_leaf WHERE log = $1 AND epoch = $2 AND position >= $3 ORDER BY position LIMIT ${atOnce}`;
const checkpointsText = `SELECT size, root, note FROM checkpoint WHERE log = $1 AND epoch = $2 AND size > $3 ORDER BY size LIMIT 1`;

async function verifyLogs(client: pg.ClientBase): Promise<RestoredCheckpoint[]> {
  const { rows } = await client.query<LogRow>(logsText);
  const latest: RestoredCheckpoint[] = [];
  for (const row of rows) {
    const found = await verifyLog(client, row);
    if (found) latest.push(found);
  }
  return latest;
}

async function verifyLog(client: pg.ClientBase, { log, epoch, size, edge }: LogRow): Promise<RestoredCheckpoint | undefined> {
  const frontier = Frontier.empty();
  const nextCheckpoint = async (after: number) =>
    (await client.query<{ size: number; root: Buffer; note: string }>(checkpointsText, [log, epoch, after])).rows[0];
  let found: RestoredCheckpoint | undefined;
  let due = await nextCheckpoint(0);
  for (let next = 0; ; ) {
    const { rows } = await client.query<{ position: number; leaf: string; hash: Buffer }>(leavesText, [log, epoch, next]);
    for (const { position, leaf, hash } of rows) {
      next = position + 1;
      const computed = leafHash(Buffer.from(leaf));
      const closed = due !== undefined || (size !== null && frontier.size < size);
      if ((closed && position !== frontier.size) || !hash.equals(computed))
        throw damaged(`the ${log} log breaks at position ${closed ? frontier.size : position}`);
      if (!closed) continue; // in the open block, with places between that nothing has taken yet
      frontier.append(computed);
      if (due?.size !== frontier.size) continue;
      if (!due.root.equals(frontier.root())) throw damaged(`the ${log} log has another root at size ${due.size} than its checkpoint`);
      found = { log, epoch, ...due };
      due = await nextCheckpoint(due.size);
    }
    if (rows.length < atOnce) break;
  }
  if (due) throw damaged(`the ${log} log ends before its checkpoint of size ${due.size}`);
  const ends = edge === null || (size === frontier.size && edge.equals(Buffer.concat(frontier.hashes())));
  if (!ends) throw damaged(`the ${log} log has not the end that its head names`);
  return found;
}
