import { and, asc, desc, eq, gt, gte, isNotNull } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { pageOf, positionOf } from '../cursor.js';
import type { Audit } from '../store.js';
import { pageIn, received } from '../tables/incoming.js';
import { peerCheckpoint } from '../tables/log.js';
import { receiptHeld, release } from '../tables/outgoing.js';

export function readHeld(db: NodePgDatabase): Pick<Audit, 'heldOf' | 'chainAt' | 'receiptsFrom' | 'releasesFrom'> {
  return {
    heldOf: async (peer) => {
      const [page] = await db
        .select({ jws: pageIn.jws })
        .from(pageIn)
        .where(eq(pageIn.peer, peer))
        .orderBy(desc(pageIn.epoch), desc(pageIn.last))
        .limit(1);
      const [receipt] = await db
        .select({ jwt: receiptHeld.jwt })
        .from(receiptHeld)
        .where(eq(receiptHeld.peer, peer))
        .orderBy(desc(receiptHeld.at), desc(receiptHeld.position))
        .limit(1);
      const [checkpoint] = await db
        .select({ note: peerCheckpoint.note })
        .from(peerCheckpoint)
        .where(eq(peerCheckpoint.peer, peer))
        .orderBy(desc(peerCheckpoint.at), desc(peerCheckpoint.size))
        .limit(1);
      return {
        ...(page && { page: page.jws }),
        ...(receipt && { receipt: receipt.jwt }),
        ...(checkpoint && { checkpoint: checkpoint.note }),
      };
    },
    receiptsFrom: async (peer, { since, after, limit }) => {
      const rows = await db
        .select({ position: receiptHeld.position, digest: receiptHeld.digest, jwt: receiptHeld.jwt })
        .from(receiptHeld)
        .where(and(eq(receiptHeld.peer, peer), gte(receiptHeld.at, since), gt(receiptHeld.position, start(after))))
        .orderBy(asc(receiptHeld.position))
        .limit(limit + 1);
      return pageOf(rows, limit, ({ position }) => position, named);
    },
    releasesFrom: async (peer, { since, after, limit }) => {
      const rows = await db
        .select({ position: received.position, digest: received.digest, jwt: received.jwt })
        .from(received)
        .where(
          and(
            eq(received.peer, peer),
            eq(received.verdict, 'held'),
            isNotNull(received.jwt),
            gte(received.receivedAt, since),
            gt(received.position, start(after)),
          ),
        )
        .orderBy(asc(received.position))
        .limit(limit + 1);
      return pageOf(rows, limit, ({ position }) => position, named);
    },
    chainAt: async (peer, epoch, position) => {
      const [row] = await db
        .select({ chain: release.chain })
        .from(release)
        .where(and(eq(release.peer, peer), eq(release.epoch, epoch), eq(release.position, position)));
      return row?.chain;
    },
  };
}

const start = (after: string | undefined): number => (after === undefined ? 0 : positionOf(after));
const named = ({ digest, jwt }: { digest: string; jwt: string | null }) => ({ digest, jwt: jwt! });
