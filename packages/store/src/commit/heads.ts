import { createHash } from 'node:crypto';
import { Frontier } from '@entente/ledger';
import type pg from 'pg';
import type { LogName } from '../records.js';

/** Order in which heads are locked, by every process: whoever waits holds nothing that the one waited for needs. */
const rankOf = { feed: 0, record: 1, exchange: 2, access: 3 } as const;
const rankedLogs = { exchange: rankOf.exchange, access: rankOf.access } satisfies Record<LogName, number>;

interface HeadRow {
  rank: number;
  name: string;
  epoch: number;
  size: number;
  chain: Buffer | null;
  paged: number | null;
  edge: Buffer | null;
}

export interface FeedHead {
  epoch: number;
  size: number;
  chain: Uint8Array;
  paged: number;
}

export interface LogEnd {
  log: LogName;
  epoch: number;
  /** Of the blocks that are closed. */
  frontier: Frontier;
  /** Places taken behind them, each with the hash of its leaf. */
  open: Map<number, Uint8Array>;
}

export interface Heads {
  feeds: Map<string, FeedHead>;
  /** Positions given to records so far. */
  records: number;
  logs: Record<LogName, LogEnd>;
}

export const startOfChain: Uint8Array = new Uint8Array(32);

/** SHA-256(chain || digest), docs/protocol.md section 6. */
export function nextLink(chain: Uint8Array, digest: string): Uint8Array {
  return createHash('sha256').update(chain).update(digest, 'base64url').digest();
}

const select = `SELECT rank, name, epoch, size, chain, paged, edge FROM head`;
const lockText = `${select} WHERE (rank, name) IN (SELECT * FROM unnest($1::smallint[], $2::text[])) ORDER BY rank, name FOR UPDATE`;

/** Locks, until the transaction ends, the feeds named, the records and both logs. Feeds without a head are absent from the result. */
export async function lockHeads(client: pg.ClientBase, peers: readonly string[]): Promise<Heads> {
  const ranks = [...peers.map(() => rankOf.feed), rankOf.record, rankOf.exchange, rankOf.access];
  const values = [ranks, [...peers, 'record', 'exchange', 'access']];
  const [{ rows }, open] = await Promise.all([
    client.query<HeadRow>({ name: 'lock heads', text: lockText, values }),
    readOpen(client, 'exchange'),
  ]);
  const one = (rank: number) => rows.find((row) => row.rank === rank)!;
  const end = (log: LogName): LogEnd => logEnd(log, one(rankedLogs[log]), log === 'exchange' ? open : []);
  return {
    feeds: new Map(rows.filter((row) => row.rank === rankOf.feed).map((row) => [row.name, feedHead(row)])),
    records: one(rankOf.record).size,
    logs: { exchange: end('exchange'), access: end('access') },
  };
}

/** Serialises with gathered commits what changes the same rows outside of one. */
export async function lockRecords(client: pg.ClientBase): Promise<void> {
  await client.query({ name: 'lock records', text: `${select} WHERE rank = ${rankOf.record} FOR UPDATE` });
}

export async function lockFeed(client: pg.ClientBase, peer: string): Promise<FeedHead | undefined> {
  const text = `${select} WHERE rank = ${rankOf.feed} AND name = $1 FOR UPDATE`;
  const { rows } = await client.query<HeadRow>({ name: 'lock feed', text, values: [peer] });
  return rows[0] && feedHead(rows[0]);
}

export async function lockLog(client: pg.ClientBase, log: LogName): Promise<LogEnd> {
  const text = `${select} WHERE rank = $1 FOR UPDATE`;
  const [{ rows }, open] = await Promise.all([
    client.query<HeadRow>({ name: 'lock log', text, values: [rankedLogs[log]] }),
    readOpen(client, log),
  ]);
  return logEnd(log, rows[0]!, open);
}

export async function readFeed(client: pg.ClientBase | pg.Pool, peer: string): Promise<FeedHead | undefined> {
  const text = `${select} WHERE rank = ${rankOf.feed} AND name = $1`;
  const { rows } = await client.query<HeadRow>({ name: 'read feed', text, values: [peer] });
  return rows[0] && feedHead(rows[0]);
}

export async function readLog(client: pg.ClientBase | pg.Pool, log: LogName): Promise<LogEnd> {
  const [{ rows }, open] = await Promise.all([
    client.query<HeadRow>({ name: 'read log', text: `${select} WHERE rank = $1`, values: [rankedLogs[log]] }),
    readOpen(client, log),
  ]);
  return logEnd(log, rows[0]!, open);
}

interface OpenLeaf {
  position: number;
  hash: Buffer;
}

const openText = `SELECT l.position, l.hash FROM head h JOIN log_leaf l ON l.log = h.name AND l.epoch = h.epoch AND l.position >= h.size
  WHERE h.rank = $1`;

/** Sent with the lock of the head, where there is one, and executed once it is held. */
async function readOpen(client: pg.ClientBase | pg.Pool, log: LogName): Promise<OpenLeaf[]> {
  return (await client.query<OpenLeaf>({ name: 'open block', text: openText, values: [rankedLogs[log]] })).rows;
}

/** Heads of logs and records, and those of new feeds. Heads are never removed, so whoever has seen one need not ask again. */
export async function ensureHeads(pool: pg.Pool | pg.ClientBase, peers: readonly string[]): Promise<void> {
  const text = `INSERT INTO head (rank, name, epoch, size, chain, paged, edge)
    SELECT h.rank, h.name, (SELECT max(epoch) FROM epoch), 0, h.chain, CASE WHEN h.rank = ${rankOf.feed} THEN 0 END, ''
    FROM unnest($1::smallint[], $2::text[], $3::bytea[]) AS h (rank, name, chain) ORDER BY 1, 2 ON CONFLICT DO NOTHING`;
  const fixed = ['record', 'exchange', 'access'] as const;
  await pool.query(text, [
    [...peers.map(() => rankOf.feed), ...fixed.map((name) => rankOf[name])],
    [...peers, ...fixed],
    [...peers.map(() => Buffer.from(startOfChain)), null, null, null],
  ]);
}

const moveText = `UPDATE head SET size = m.size, chain = m.chain, edge = m.edge
  FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::bytea[], $5::bytea[]) AS m (rank, name, size, chain, edge)
  WHERE head.rank = m.rank AND head.name = m.name`;

/** Writes what the transaction has added to the heads it locked. */
export function moveHeads(heads: Heads): pg.QueryConfig {
  const { feeds, records, logs } = heads;
  const edges = (['exchange', 'access'] as const).map((log) => logs[log].frontier);
  const values = [
    [...[...feeds].map(() => rankOf.feed), rankOf.record, rankOf.exchange, rankOf.access],
    [...feeds.keys(), 'record', 'exchange', 'access'],
    [...[...feeds.values()].map((feed) => feed.size), records, ...edges.map((frontier) => frontier.size)],
    [...[...feeds.values()].map((feed) => feed.chain), null, null, null],
    [...[...feeds].map(() => Buffer.alloc(0)), Buffer.alloc(0), ...edges.map((frontier) => Buffer.concat(frontier.hashes()))],
  ];
  return { name: 'move heads', text: moveText, values };
}

export async function moveLog(client: pg.ClientBase, { log, frontier }: LogEnd): Promise<void> {
  const text = 'UPDATE head SET size = $2, edge = $3 WHERE rank = $1';
  await client.query({ name: 'move log', text, values: [rankedLogs[log], frontier.size, Buffer.concat(frontier.hashes())] });
}

/** For another attempt at planning on the same locked heads. */
export function copyOf({ feeds, records, logs }: Heads): Heads {
  const end = ({ log, epoch, frontier, open }: LogEnd): LogEnd => ({
    log,
    epoch,
    frontier: Frontier.from(frontier.size, frontier.hashes()),
    open: new Map(open),
  });
  return {
    feeds: new Map([...feeds].map(([peer, feed]) => [peer, { ...feed }])),
    records,
    logs: { exchange: end(logs.exchange), access: end(logs.access) },
  };
}

const feedHead = ({ epoch, size, chain, paged }: HeadRow): FeedHead => ({ epoch, size, chain: chain!, paged: paged! });

function logEnd(log: LogName, { epoch, size, edge }: HeadRow, open: readonly OpenLeaf[]): LogEnd {
  const hashes = Array.from({ length: edge!.length / 32 }, (_, i) => new Uint8Array(edge!.subarray(32 * i, 32 * i + 32)));
  return { log, epoch, frontier: Frontier.from(size, hashes), open: new Map(open.map(({ position, hash }) => [position, hash])) };
}
