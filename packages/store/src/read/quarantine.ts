import { and, desc, eq, isNotNull, lt, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { pageOf, positionOf } from '../cursor.js';
import type { QuarantineRecord } from '../records.js';
import type { Incoming } from '../store.js';
import { quarantine } from '../tables/incoming.js';

function quarantineRecord(row: typeof quarantine.$inferSelect): QuarantineRecord {
  const { peer: from, release, code, reason, at, ciphertext, wrappedKey, kekId } = row;
  const sealed = ciphertext && wrappedKey && kekId !== null && { sealed: { ciphertext, wrappedKey, kekId } };
  return { from, release, code, reason, at, ...sealed };
}

type Quarantined = Pick<Incoming, 'quarantined' | 'quarantineOf' | 'quarantineUse' | 'expireQuarantine'>;

export function readQuarantine(db: NodePgDatabase, pool: pg.Pool, now: () => number): Quarantined {
  return {
    quarantined: async ({ after, limit }) => {
      const rows = await db
        .select()
        .from(quarantine)
        .where(after === undefined ? undefined : lt(quarantine.position, positionOf(after)))
        .orderBy(desc(quarantine.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.position, quarantineRecord);
    },
    quarantineOf: async (release) => {
      const rows = await db.select().from(quarantine).where(eq(quarantine.release, release)).orderBy(desc(quarantine.position)).limit(1);
      return rows.map(quarantineRecord)[0];
    },
    quarantineUse: async (peer) => {
      const rows = await db
        .select({ items: sql`count(*)`.mapWith(Number), bytes: sql`coalesce(sum(${quarantine.bytes}), 0)`.mapWith(Number) })
        .from(quarantine)
        .where(and(eq(quarantine.peer, peer), isNotNull(quarantine.ciphertext)));
      return rows[0]!;
    },
    expireQuarantine: async () => {
      const { rows } = await pool.query<{ expired: number }>('SELECT expire_quarantine($1) AS expired', [now()]);
      return rows[0]!.expired;
    },
  };
}
