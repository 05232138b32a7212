import { and, asc, desc, eq, getTableColumns, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { startOfChain } from '../commit/heads.js';
import { pageOf, positionOf } from '../cursor.js';
import type { InboxRecord, ReceivedRecord } from '../records.js';
import type { Incoming } from '../store.js';
import { inbox, pageEntry, pageIn, quarantine, receipt, received } from '../tables/incoming.js';
import { statement, statementName } from '../tables/statement.js';
import { statementColumns, statementRecord } from './statements.js';

type Received = Pick<Incoming, 'receivedByJti' | 'received' | 'receivedByDigest'>;

const selectInbox = (db: NodePgDatabase) =>
  db
    .select({ received: getTableColumns(received), state: inbox.state, takenBy: inbox.takenBy, statement: statementColumns })
    .from(inbox)
    .innerJoin(received, eq(received.position, inbox.position))
    .leftJoin(statementName, eq(statementName.digest, received.statement))
    .leftJoin(statement, eq(statement.position, statementName.position))
    .$dynamic();

type Row = Awaited<ReturnType<typeof selectInbox>>[number];

function receivedRecord(row: typeof received.$inferSelect): ReceivedRecord {
  const { peer, position: _position, code, ...rest } = row;
  return { ...rest, from: peer, ...(code !== null && { code }) };
}

function inboxRecord({ received, state, takenBy, statement }: Row): InboxRecord {
  return {
    ...receivedRecord(received),
    inboxState: state,
    ...(takenBy !== null && { takenBy }),
    ...(statement !== null && { statementRecord: statementRecord(statement) }),
    position: received.position,
  };
}

export function readReceived(db: NodePgDatabase): Received {
  return {
    // What verified has the name; what only was called by it comes after, the latest first.
    receivedByJti: async (from, jti) => {
      const rows = await selectInbox(db)
        .where(and(eq(inbox.peer, from), eq(inbox.jti, jti)))
        .orderBy(sql`${inbox.verdict} = 'quarantined' OR ${inbox.reused}`, desc(inbox.position))
        .limit(1);
      return rows[0] && receivedRecord(rows[0].received);
    },
    received: async ({ after, limit, state, kind, from, verdict }) => {
      const rows = await selectInbox(db)
        .where(
          and(
            after === undefined ? undefined : lt(inbox.position, positionOf(after)),
            state === undefined ? undefined : eq(inbox.state, state),
            kind === undefined ? undefined : eq(inbox.kind, kind),
            from === undefined ? undefined : eq(inbox.peer, from),
            verdict === undefined ? undefined : eq(inbox.verdict, verdict),
          ),
        )
        .orderBy(desc(inbox.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.received.position, inboxRecord);
    },
    receivedByDigest: async (release) => {
      const rows = await selectInbox(db)
        .where(eq(inbox.digest, release))
        .orderBy(sql`${inbox.verdict} <> 'held'`, desc(inbox.position))
        .limit(1);
      return rows[0] && inboxRecord(rows[0]);
    },
  };
}

type Receipts = Pick<Incoming, 'receiptByDigest' | 'unsentReceipts' | 'markReceiptsSent'>;

export function readReceipts(db: NodePgDatabase, now: () => number): Receipts {
  return {
    receiptByDigest: async (digest) => {
      const rows = await db.select({ to: receipt.peer, jwt: receipt.jwt }).from(receipt).where(eq(receipt.digest, digest));
      return rows[0];
    },
    unsentReceipts: async (peer) => {
      const rows = await db
        .select({ digest: receipt.digest, jwt: receipt.jwt, jti: inbox.jti, verdict: inbox.verdict, code: received.code })
        .from(receipt)
        .leftJoin(inbox, and(eq(inbox.receipt, receipt.digest), eq(inbox.peer, receipt.peer)))
        .leftJoin(received, eq(received.position, inbox.position))
        .where(and(eq(receipt.peer, peer), isNull(receipt.sentAt)))
        .orderBy(asc(receipt.position), asc(inbox.position));
      const byReceipt = new Map<string, Awaited<ReturnType<Receipts['unsentReceipts']>>[number]>();
      for (const { digest, jwt, jti, verdict, code } of rows) {
        const entry = byReceipt.get(digest) ?? { digest, jwt, releases: [] };
        byReceipt.set(digest, entry);
        if (jti !== null && verdict !== null) entry.releases.push({ jti, verdict, ...(code !== null && { code }) });
      }
      return [...byReceipt.values()];
    },
    markReceiptsSent: async (peer, digests) => {
      if (digests.length === 0) return;
      // In order of digest, so that two processes cannot wait for each other.
      const ordered = sql.join(
        [...digests].sort().map((digest) => sql`${sql.param(digest, receipt.digest)}`),
        sql`, `,
      );
      await db.execute(sql`WITH due AS (SELECT digest FROM receipt WHERE peer = ${peer} AND digest IN (${ordered}) AND sent_at IS NULL ORDER BY digest FOR UPDATE)
        UPDATE receipt SET sent_at = ${now()} FROM due WHERE receipt.digest = due.digest`);
    },
  };
}

type FeedsIn = Pick<Incoming, 'feedIn' | 'feedGaps' | 'unpaged'>;

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

type Quarantined = Pick<Incoming, 'quarantined' | 'quarantineUse' | 'expireQuarantine'>;

export function readQuarantine(db: NodePgDatabase, now: () => number): Quarantined {
  return {
    quarantined: async ({ after, limit }) => {
      const rows = await db
        .select()
        .from(quarantine)
        .where(after === undefined ? undefined : lt(quarantine.position, positionOf(after)))
        .orderBy(desc(quarantine.position))
        .limit(limit + 1);
      return pageOf(
        rows,
        limit,
        (row) => row.position,
        ({ peer, release, code, reason, at, ciphertext, wrappedKey, kekId }) => ({
          from: peer,
          release,
          code,
          reason,
          at,
          ...(ciphertext && wrappedKey && kekId !== null && { sealed: { ciphertext, wrappedKey, kekId } }),
        }),
      );
    },
    quarantineUse: async (peer) => {
      const rows = await db
        .select({ items: sql<number>`count(*)`, bytes: sql<number>`coalesce(sum(${quarantine.bytes}), 0)`.mapWith(Number) })
        .from(quarantine)
        .where(and(eq(quarantine.peer, peer), isNotNull(quarantine.ciphertext)));
      return rows[0]!;
    },
    expireQuarantine: async () => {
      const { rows } = await db.execute<{ expired: number }>(sql`SELECT expire_quarantine(${now()}) AS expired`);
      return rows[0]!.expired;
    },
  };
}
