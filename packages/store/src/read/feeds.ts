import { and, asc, eq, gte } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { readFeed, startOfChain } from '../commit/heads.js';
import { askAsPeer, asPeer } from '../database/transaction.js';
import { cutPage } from '../epoch/cut-page.js';
import type { Outgoing } from '../store.js';
import { feedVoid, page } from '../tables/outgoing.js';

type Feeds = Pick<Outgoing, 'feed' | 'cutPage' | 'pages' | 'pagesAfter' | 'voidOf' | 'voidsFrom'>;

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
    cutPage: (peer, max, sign) => asPeer(pool, peer, (client, last) => cutPage(client, { peer, max, sign, now, last })),
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

/** What was still paged in the epoch that the reader knows, then every later one. */
const pagesAfterText = `SELECT jws FROM page WHERE peer = $1 AND epoch >= $2 AND (epoch > $2 OR last > $3) ORDER BY epoch, first LIMIT $4`;

const stateText = `SELECT
  (SELECT count(*) FROM offer WHERE peer = $1 AND state = 'queued') AS queued,
  (SELECT count(*) FROM offer WHERE peer = $1 AND state = 'refused') AS refused,
  (SELECT max(at) FROM receipt_held WHERE peer = $1) AS last`;
