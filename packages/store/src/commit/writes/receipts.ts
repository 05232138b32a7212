import type pg from 'pg';
import type { Act } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { receipt } from '../../tables/incoming.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertReceipts = inserter(receipt, 'ON CONFLICT (digest) DO NOTHING');

class ReceiptWriter implements Writer<Act> {
  readonly #rows: (typeof receipt.$inferInsert)[] = [];

  add(act: Act, plan: Plan): void {
    for (const { to, digest, jwt, sent } of act.receipts ?? []) {
      this.#rows.push({ peer: to, digest, jwt, position: plan.nextRecord(), at: plan.at, sentAt: sent ? plan.at : null });
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertReceipts(this.#rows);
  }
}

export const receipts: Group<Act> = {
  uses: (act) => act.receipts !== undefined,
  open: async () => () => new ReceiptWriter(),
};
