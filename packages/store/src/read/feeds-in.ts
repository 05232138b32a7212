import { and, asc, desc, eq, gt, gte, inArray, lte, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { alias } from 'drizzle-orm/pg-core';
import { startOfChain } from '../commit/heads.js';
import type { Incoming } from '../store.js';
import { inbox, pageEntry, pageIn } from '../tables/incoming.js';

type FeedsIn = Pick<Incoming, 'feedIn' | 'placeIn' | 'feedGaps' | 'movedIn' | 'entriesOf' | 'unpaged'>;

/** A first pull may be a million behind: what is missing is told from the first position on, and not all at once. */
const mostGaps = 1_000;

export function readFeedsIn(db: NodePgDatabase): FeedsIn {
  return {
    feedIn: async (peer, epoch) => {
      const rows = await db
        .select({ epoch: pageIn.epoch, last: pageIn.last, chain: pageIn.chain })
        .from(pageIn)
        .where(and(eq(pageIn.peer, peer), epoch === undefined ? undefined : eq(pageIn.epoch, epoch)))
        .orderBy(desc(pageIn.epoch), desc(pageIn.last), asc(pageIn.at))
        .limit(1);
      return rows[0] ?? { epoch: epoch ?? 1, last: 0, chain: startOfChain };
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
        .select({ epoch: pageEntry.epoch, position: pageEntry.position, digest: pageEntry.digest })
        .from(pageEntry)
        .where(and(eq(pageEntry.peer, peer), eq(pageEntry.settled, false), lte(pageEntry.at, before)))
        .orderBy(asc(pageEntry.epoch), asc(pageEntry.position))
        .limit(mostGaps),
    movedIn: async (peer, epoch, from) => {
      const later = alias(pageEntry, 'later');
      const again = and(eq(later.peer, pageEntry.peer), eq(later.digest, pageEntry.digest), gt(later.epoch, pageEntry.epoch));
      return await db
        .select({
          position: pageEntry.position,
          digest: pageEntry.digest,
          to: { epoch: later.epoch, position: later.position },
        })
        .from(pageEntry)
        .innerJoin(later, again)
        .where(and(eq(pageEntry.peer, peer), eq(pageEntry.epoch, epoch), gte(pageEntry.position, from)))
        .orderBy(asc(pageEntry.position), asc(later.epoch))
        .limit(mostGaps);
    },
    entriesOf: async (peer, kinds, limit) => {
      if (kinds.length === 0) return [];
      return await db
        .select({ digest: pageEntry.digest, kind: sql<string>`${pageEntry.kind}` })
        .from(pageEntry)
        .where(and(eq(pageEntry.peer, peer), eq(pageEntry.settled, false), inArray(pageEntry.kind, [...kinds])))
        .orderBy(asc(pageEntry.epoch), asc(pageEntry.position))
        .limit(limit);
    },
    unpaged: (peer, before) =>
      db
        .select({ digest: inbox.digest, at: inbox.arrivedAt })
        .from(inbox)
        .where(and(eq(inbox.peer, peer), eq(inbox.paged, false), lte(inbox.arrivedAt, before)))
        .orderBy(asc(inbox.arrivedAt), asc(inbox.position)),
  };
}
