import { and, asc, desc, eq, gt, gte, isNotNull, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { asPeer } from '../database/transaction.js';
import { StoreError } from '../error.js';
import type { Page } from '../records.js';
import type { Audit } from '../store.js';
import { inbox, pageIn, received } from '../tables/incoming.js';
import { peerCheckpoint } from '../tables/log.js';
import { receiptHeld, release } from '../tables/outgoing.js';

export function readHeld(pool: pg.Pool): Pick<Audit, 'heldOf' | 'chainAt' | 'receiptsFrom' | 'releasesFrom'> {
  const reading = <T>(peer: string, read: (db: NodePgDatabase) => Promise<T>) => asPeer(pool, peer, (client) => read(drizzle(client)));
  return {
    heldOf: (peer) =>
      reading(peer, async (db) => {
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
      }),
    receiptsFrom: (peer, { since, after, limit }) =>
      reading(peer, async (db) => {
        const rows = await db
          .select({ digest: receiptHeld.digest, jwt: receiptHeld.jwt })
          .from(receiptHeld)
          .where(
            and(
              eq(receiptHeld.peer, peer),
              gte(receiptHeld.at, since),
              gt(receiptHeld.position, await placeOf(db, receiptHeld, peer, after)),
            ),
          )
          .orderBy(asc(receiptHeld.position))
          .limit(limit + 1);
        return pageOf(rows, limit);
      }),
    releasesFrom: (peer, { since, after, limit }) =>
      reading(peer, async (db) => {
        const rows = await db
          .select({ digest: received.digest, jwt: sql<string>`${received.jwt}` })
          .from(received)
          .where(
            and(
              eq(received.peer, peer),
              eq(received.verdict, 'held'),
              isNotNull(received.jwt),
              gte(received.receivedAt, since),
              gt(received.position, await placeOf(db, inbox, peer, after)),
            ),
          )
          .orderBy(asc(received.position))
          .limit(limit + 1);
        return pageOf(rows, limit);
      }),
    chainAt: (peer, epoch, position) =>
      reading(peer, async (db) => {
        const [row] = await db
          .select({ chain: release.chain })
          .from(release)
          .where(and(eq(release.peer, peer), eq(release.epoch, epoch), eq(release.position, position)));
        return row?.chain;
      }),
  };
}

/**
 * Where the peer goes on is named by the last object of its own that it got: a position would tell it how many of others lie between.
 * @throws {StoreError} `bad_cursor`
 */
async function placeOf(db: NodePgDatabase, table: typeof receiptHeld | typeof inbox, peer: string, last?: string): Promise<number> {
  if (last === undefined) return 0;
  const [row] = await db
    .select({ position: table.position })
    .from(table)
    .where(and(eq(table.peer, peer), eq(table.digest, last)));
  if (row === undefined) throw new StoreError('bad_cursor', 'this cursor was not given out here');
  return row.position;
}

/** Of rows read with a limit of one more than is shown. */
function pageOf<T extends { digest: string }>(rows: T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, ...(rows.length > limit && { next: items.at(-1)!.digest }) };
}
