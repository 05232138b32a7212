import type pg from 'pg';
import type { Act } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { quarantine as quarantineTable } from '../../tables/incoming.js';
import type { Group, Plan, Writer } from '../plan.js';

const keptSeconds = 30 * 86_400;
const insertQuarantine = inserter(quarantineTable);

class QuarantineWriter implements Writer<Act> {
  readonly #rows: (typeof quarantineTable.$inferInsert)[] = [];

  add(act: Act, plan: Plan): void {
    for (const { from, sealed, ...item } of act.quarantine ?? []) {
      this.#rows.push({ ...item, ...sealed, peer: from, position: plan.nextRecord(), at: plan.at, expiresAt: plan.at + keptSeconds });
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertQuarantine(this.#rows);
  }
}

export const quarantine: Group<Act> = {
  uses: (act) => act.quarantine !== undefined,
  open: async () => () => new QuarantineWriter(),
};
