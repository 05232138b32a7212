import { and, asc, eq, gte } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { pageOf, positionOf } from '../cursor.js';
import { asPeer } from '../database/transaction.js';
import type { AuditReceipt, AuditRelease } from '../records.js';
import type { Audit } from '../store.js';
import { pageIn } from '../tables/incoming.js';
import { voidIn } from '../tables/outgoing.js';
import { readHeld } from './held.js';
import { readTrail } from './trail.js';

/**
 * Of a release that stands on the feed of two epochs of a peer, which came back from a backup, the later place. Both directions take their positions from the one
 * sequence of records, so they merge into one order.
 */
const releasesText = `
  SELECT 'out' AS direction, o.record, o.peer, o.epoch, o.position, o.digest, o.statement, r.jwt, o.state
  FROM offer o JOIN release r USING (peer, epoch, position) WHERE o.record > $1
  UNION ALL
  SELECT 'in', i.position, i.peer, e.epoch, e.position, i.digest, r.statement, r.jwt, i.verdict
  FROM inbox i JOIN received r ON r.position = i.position LEFT JOIN LATERAL (
    SELECT epoch, position FROM page_entry WHERE peer = i.peer AND digest = i.digest ORDER BY epoch DESC LIMIT 1) e ON true
  WHERE i.position > $1
  ORDER BY record LIMIT $2`;

const receiptsText = `
  SELECT 'out' AS direction, position AS record, peer, digest, jwt FROM receipt WHERE position > $1
  UNION ALL SELECT 'in', position, peer, digest, jwt FROM receipt_held WHERE position > $1
  ORDER BY record LIMIT $2`;

type Stored<T> = { [K in keyof T]: K extends 'digest' ? Buffer : K extends 'statement' ? Buffer | null : T[K] } & { record: number };

const name = (bytes: Buffer) => bytes.toString('base64url');

export function readAudit(db: NodePgDatabase, pool: pg.Pool): Audit {
  const read = async <T>(text: string, after: string | undefined, limit: number) => {
    const { rows } = await pool.query<Stored<T>>(text, [after === undefined ? 0 : positionOf(after), limit + 1]);
    return rows;
  };
  return {
    ...readHeld(pool),
    ...readTrail(pool),
    allReleases: async ({ after, limit }) =>
      pageOf(
        await read<AuditRelease>(releasesText, after, limit),
        limit,
        (row) => row.record,
        ({ record: _record, digest, statement, ...row }) => ({ ...row, digest: name(digest), statement: statement && name(statement) }),
      ),
    allReceipts: async ({ after, limit }) =>
      pageOf(
        await read<AuditReceipt>(receiptsText, after, limit),
        limit,
        (row) => row.record,
        ({ record: _record, digest, ...row }) => ({ ...row, digest: name(digest) }),
      ),
    pagesIn: (peer, epoch, from, limit) =>
      asPeer(pool, peer, (client) =>
        drizzle(client)
          .select({ first: pageIn.first, last: pageIn.last, jws: pageIn.jws })
          .from(pageIn)
          .where(and(eq(pageIn.peer, peer), eq(pageIn.epoch, epoch), gte(pageIn.last, from)))
          .orderBy(asc(pageIn.first), asc(pageIn.at))
          .limit(limit),
      ),
    voidsIn: (peer, epoch, from) =>
      db
        .select({ position: voidIn.position, jwt: voidIn.jwt })
        .from(voidIn)
        .where(and(eq(voidIn.peer, peer), eq(voidIn.epoch, epoch), gte(voidIn.position, from)))
        .orderBy(asc(voidIn.position)),
  };
}
