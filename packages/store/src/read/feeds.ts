import { and, asc, eq, gte } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { lockFeed, readFeed, startOfChain } from '../commit/heads.js';
import { inserter } from '../database/rows.js';
import { askAsPeer, asPeer } from '../database/transaction.js';
import { callBack } from '../error.js';
import type { Outgoing, PageToSign } from '../store.js';
import { feedVoid, page } from '../tables/outgoing.js';

type Feeds = Pick<Outgoing, 'feed' | 'cutPage' | 'pages' | 'pagesAfter' | 'voidOf' | 'voidsFrom'>;

const insertPages = inserter(page);
const movePage = (peer: string, paged: number): pg.QueryConfig => ({
  name: 'move page',
  text: 'UPDATE head SET paged = $2 WHERE rank = 0 AND name = $1',
  values: [peer, paged],
});

export function readFeeds(pool: pg.Pool, currentEpoch: () => Promise<number>, now: () => number): Feeds {
  return {
    feed: async (peer) => {
      const { head, queued, refused, last } = await asPeer(pool, peer, async (client) => {
        const [head, { rows }] = await Promise.all([
          readFeed(client, peer),
          client.query<{ queued: number; refused: number; last: number | null }>({ name: 'feed state', text: stateText, values: [peer] }),
        ]);
        return { head, ...rows[0]! };
      });
      // Asked when the connection is given back: as many of these at once as there are connections would each wait for another one.
      const start = async () => ({ epoch: await currentEpoch(), size: 0, chain: startOfChain, paged: 0 });
      return { ...(head ?? (await start())), queued, refused, ...(last !== null && { lastReceiptAt: last }) };
    },
    cutPage: (peer, max, sign) =>
      asPeer(pool, peer, async (client, last) => {
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
      }),
    pages: (peer, epoch, from, limit) =>
      asPeer(pool, peer, (client) =>
        drizzle(client)
          .select({ first: page.first, last: page.last, jws: page.jws })
          .from(page)
          .where(and(eq(page.peer, peer), eq(page.epoch, epoch), gte(page.last, from)))
          .orderBy(asc(page.first))
          .limit(limit),
      ),
    pagesAfter: (peer, after, limit) =>
      askAsPeer(pool, peer, async (client) => {
        const values = [peer, after.epoch, after.position, limit];
        const { rows } = await client.query<{ jws: string }>({ name: 'pages after', text: pagesAfterText, values });
        return rows.map(({ jws }) => jws);
      }),
    voidOf: (peer, epoch, position) =>
      asPeer(pool, peer, async (client) => {
        const [row] = await drizzle(client)
          .select({ jwt: feedVoid.jwt })
          .from(feedVoid)
          .where(and(eq(feedVoid.peer, peer), eq(feedVoid.epoch, epoch), eq(feedVoid.position, position)));
        return row?.jwt;
      }),
    voidsFrom: (peer, epoch, from) =>
      asPeer(pool, peer, (client) =>
        drizzle(client)
          .select({ position: feedVoid.position, jwt: feedVoid.jwt })
          .from(feedVoid)
          .where(and(eq(feedVoid.peer, peer), eq(feedVoid.epoch, epoch), gte(feedVoid.position, from)))
          .orderBy(asc(feedVoid.position)),
      ),
  };
}

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

/** What was still paged in the epoch that the reader knows, then every later one. */
const pagesAfterText = `SELECT jws FROM page WHERE peer = $1 AND epoch >= $2 AND (epoch > $2 OR last > $3) ORDER BY epoch, first LIMIT $4`;

const stateText = `SELECT
  (SELECT count(*) FROM offer WHERE peer = $1 AND state = 'queued') AS queued,
  (SELECT count(*) FROM offer WHERE peer = $1 AND state = 'refused') AS refused,
  (SELECT max(at) FROM receipt_held WHERE peer = $1) AS last`;
