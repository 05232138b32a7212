import type pg from 'pg';
import { lockFeed, startOfChain } from '../commit/heads.js';
import { inserter } from '../database/rows.js';
import type { Last } from '../database/transaction.js';
import { callBack } from '../error.js';
import type { PageToSign } from '../store.js';
import { page } from '../tables/outgoing.js';

interface ToCut {
  peer: string;
  /** Most entries of one page. */
  max: number;
  sign: (page: PageToSign) => Promise<string>;
  now: () => number;
  /** What is written goes with the end of the transaction. */
  last: Last;
}

/** Has one page signed over what is committed on the feed and on no page yet. Whether anything is left after it. */
export async function cutPage(client: pg.PoolClient, { peer, max, sign, now, last }: ToCut): Promise<boolean> {
  const [head, { rows }] = await Promise.all([
    lockFeed(client, peer),
    client.query<PageRow>({ name: 'page entries', text: entriesText, values: [peer, max] }),
  ]);
  const end = rows.at(-1);
  if (head === undefined || end === undefined) return false;
  const { epoch, paged } = head;
  const first = paged + 1;
  const entries = rows.map(({ digest, kind, bytes }): [string, string, number] => [digest.toString('base64url'), kind, bytes]);
  const resumes = first === 1 && epoch > 1 ? await resumption(client, peer, epoch) : undefined;
  const jws = await callBack(sign, { epoch, first, entries, chain: end.chain, ...(resumes && { resumes }) });
  const row = { peer, epoch, first, last: end.position, jws, signedAt: now() };
  for (const query of [...insertPages([row]), movePage(peer, end.position)]) last(client.query(query));
  return end.position < head.size;
}

const insertPages = inserter(page);
const movePage = (peer: string, paged: number): pg.QueryConfig => ({
  name: 'move page',
  text: 'UPDATE head SET paged = $2 WHERE rank = 0 AND name = $1',
  values: [peer, paged],
});

/** Where the feed stood in the epoch before, and why there is another one. */
async function resumption(client: pg.ClientBase, peer: string, epoch: number): Promise<NonNullable<PageToSign['resumes']>> {
  const { rows } = await client.query<{ reason: string; epoch: number; last: number | null; chain: Buffer | null }>(
    `SELECT e.reason, p.epoch, r.position AS last, r.chain FROM epoch e
      CROSS JOIN LATERAL (SELECT max(epoch) AS epoch FROM epoch WHERE epoch < e.epoch) AS p
      LEFT JOIN LATERAL (SELECT position, chain FROM release WHERE peer = $1 AND epoch = p.epoch ORDER BY position DESC LIMIT 1) AS r ON true
      WHERE e.epoch = $2`,
    [peer, epoch],
  );
  const { reason, last, chain, ...before } = rows[0]!;
  return { ...before, last: last ?? 0, chain: chain ?? startOfChain, reason };
}

interface PageRow {
  position: number;
  digest: Buffer;
  kind: string;
  bytes: number;
  chain: Buffer;
}

/** Sent with the lock of the head and executed once it is held: what is on no page yet. */
const entriesText = `SELECT r.position, r.digest, r.kind, r.bytes, r.chain FROM head h
  JOIN release r ON r.peer = $1 AND r.epoch = h.epoch AND r.position > h.paged
  WHERE h.rank = 0 AND h.name = $1 ORDER BY r.position LIMIT $2`;
