import { and, desc, eq } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Audit } from '../store.js';
import { pageIn } from '../tables/incoming.js';
import { peerCheckpoint } from '../tables/log.js';
import { receiptHeld, release } from '../tables/outgoing.js';

export function readHeld(db: NodePgDatabase): Pick<Audit, 'heldOf' | 'chainAt'> {
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
    chainAt: async (peer, epoch, position) => {
      const [row] = await db
        .select({ chain: release.chain })
        .from(release)
        .where(and(eq(release.peer, peer), eq(release.epoch, epoch), eq(release.position, position)));
      return row?.chain;
    },
  };
}
