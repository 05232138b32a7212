import { and, asc, eq, isNull } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Incoming } from '../store.js';
import { inbox, receipt, received } from '../tables/incoming.js';

type Receipts = Pick<Incoming, 'receiptByDigest' | 'unsentReceipts'>;

export function readReceipts(db: NodePgDatabase): Receipts {
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
  };
}
