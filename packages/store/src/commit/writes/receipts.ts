import type pg from 'pg';
import type { Act } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { receipt } from '../../tables/incoming.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertReceipts = inserter(receipt, 'ON CONFLICT (digest) DO NOTHING');

const sentText = `UPDATE receipt r SET sent_at = $3 FROM unnest($1::text[], $2::bytea[]) AS s (peer, digest)
  WHERE r.digest = s.digest AND r.peer = s.peer AND r.sent_at IS NULL`;

class ReceiptWriter implements Writer<Act> {
  readonly #rows: (typeof receipt.$inferInsert)[] = [];
  readonly #sent: { peer: string; digest: Buffer }[] = [];
  #at = 0;

  add(act: Act, plan: Plan): void {
    for (const { to, digest, jwt, sent } of act.receipts ?? []) {
      this.#rows.push({ peer: to, digest, jwt, position: plan.nextRecord(), at: plan.at, sentAt: sent ? plan.at : null });
    }
    for (const { to: peer, digests } of act.receiptsSent ?? [])
      this.#sent.push(...digests.map((digest) => ({ peer, digest: Buffer.from(digest, 'base64url') })));
    this.#at = plan.at;
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertReceipts(this.#rows);
    if (this.#sent.length === 0) return;
    const values = [this.#sent.map(({ peer }) => peer), this.#sent.map(({ digest }) => digest), this.#at];
    yield { name: 'receipts sent', text: sentText, values };
  }
}

export const receipts: Group<Act> = {
  uses: (act) => act.receipts !== undefined || act.receiptsSent !== undefined,
  open: async () => () => new ReceiptWriter(),
};
