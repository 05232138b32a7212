import { and, asc, desc, eq, lte } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { startOfChain } from '../commit/heads.js';
import type { Incoming } from '../store.js';
import { inbox, pageEntry, pageIn } from '../tables/incoming.js';

type FeedsIn = Pick<Incoming, 'feedIn' | 'placeIn' | 'feedGaps' | 'unpaged'>;

export function readFeedsIn(db: NodePgDatabase): FeedsIn {
  return {
    feedIn: async (peer) => {
      const rows = await db
        .select({ epoch: pageIn.epoch, last: pageIn.last, chain: pageIn.chain })
        .from(pageIn)
        .where(eq(pageIn.peer, peer))
        .orderBy(desc(pageIn.epoch), desc(pageIn.last), asc(pageIn.at))
        .limit(1);
      return rows[0] ?? { epoch: 1, last: 0, chain: startOfChain };
    },
    placeIn: async (peer, release) => {
      const { epoch, position, digest } = pageEntry;
      const rows = await db
        .select({ epoch, position })
        .from(pageEntry)
        .where(and(eq(pageEntry.peer, peer), eq(digest, release)));
      return rows[0];
    },
    feedGaps: (peer, before) =>
      db
        .select({ position: pageEntry.position, digest: pageEntry.digest })
        .from(pageEntry)
        .where(and(eq(pageEntry.peer, peer), eq(pageEntry.settled, false), lte(pageEntry.at, before)))
        .orderBy(asc(pageEntry.epoch), asc(pageEntry.position)),
    unpaged: (peer, before) =>
      db
        .select({ digest: inbox.digest, at: inbox.arrivedAt })
        .from(inbox)
        .where(and(eq(inbox.peer, peer), eq(inbox.paged, false), lte(inbox.arrivedAt, before)))
        .orderBy(asc(inbox.arrivedAt), asc(inbox.position)),
  };
}
