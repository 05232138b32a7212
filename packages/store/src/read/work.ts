import { and, desc, eq, lt } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { pageOf, positionOf } from '../cursor.js';
import type { DraftRecord, ShipmentRecord } from '../records.js';
import type { Work } from '../store.js';
import { declaration, draft, shipment } from '../tables/work.js';
import { present } from './present.js';

function draftRecord(row: typeof draft.$inferSelect): DraftRecord {
  const { position: _position, ciphertext, wrappedKey, kekId, ...rest } = present(row);
  return { ...rest, ...(ciphertext && wrappedKey && kekId !== undefined && { sealed: { ciphertext, wrappedKey, kekId } }) };
}

function shipmentRecord(row: typeof shipment.$inferSelect): ShipmentRecord {
  const { position: _position, reference: _reference, ciphertext, wrappedKey, kekId, ...rest } = present(row);
  return { ...rest, sealed: { ciphertext, wrappedKey, kekId } };
}

export function readWork(db: NodePgDatabase): Work {
  const shipmentBy = async (condition: ReturnType<typeof eq>) => (await db.select().from(shipment).where(condition)).map(shipmentRecord)[0];
  return {
    draft: async (id) => (await db.select().from(draft).where(eq(draft.id, id))).map(draftRecord)[0],
    drafts: async ({ after, limit, state, author }) => {
      const rows = await db
        .select()
        .from(draft)
        .where(
          and(
            after === undefined ? undefined : lt(draft.position, positionOf(after)),
            state === undefined ? undefined : eq(draft.state, state),
            author === undefined ? undefined : eq(draft.author, author),
          ),
        )
        .orderBy(desc(draft.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.position, draftRecord);
    },
    shipmentByReference: (reference) => shipmentBy(eq(shipment.reference, reference)),
    shipment: (id) => shipmentBy(eq(shipment.id, id)),
    shipments: async ({ after, limit }) => {
      const rows = await db
        .select()
        .from(shipment)
        .where(after === undefined ? undefined : lt(shipment.position, positionOf(after)))
        .orderBy(desc(shipment.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.position, shipmentRecord);
    },
    declarationSeen: async (fingerprint) =>
      (await db.select({ shipment: declaration.shipment }).from(declaration).where(eq(declaration.fingerprint, fingerprint)))[0],
  };
}
