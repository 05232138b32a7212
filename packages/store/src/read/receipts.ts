import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Incoming } from '../store.js';
import { inbox, receipt, received } from '../tables/incoming.js';

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
