import type pg from 'pg';
import type { Act } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { kekDestroyed, legalHold } from '../../tables/reversal.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertHolds = inserter(legalHold);
const insertDestroyed = inserter(kekDestroyed, 'ON CONFLICT DO NOTHING');
const liftText = 'UPDATE legal_hold SET lifted_by = $2, lifted_at = $3 WHERE statement = $1 AND lifted_at IS NULL';

/** Legal holds, and the keys that no erased content can come back under. */
class HoldWriter implements Writer<Act> {
  readonly #placed: (typeof legalHold.$inferInsert)[] = [];
  readonly #lifted: unknown[][] = [];
  readonly #destroyed: (typeof kekDestroyed.$inferInsert)[] = [];

  constructor(readonly held: Set<string>) {}

  add(act: Act, plan: Plan): void {
    for (const write of act.holds ?? []) {
      const { statement, by } = write;
      if ('lift' in write) {
        if (!this.held.delete(statement)) throw new StoreError('unknown_reference', `there is no legal hold on ${statement}`);
        this.#lifted.push([Buffer.from(statement, 'base64url'), by, plan.at]);
      } else {
        if (this.held.has(statement)) throw new StoreError('version_conflict', `there is a legal hold on ${statement} already`);
        this.held.add(statement);
        this.#placed.push({ position: plan.nextRecord(), statement, reason: write.reason, placedBy: by, placedAt: plan.at });
      }
    }
    for (const kekId of act.kekDestroyed ?? []) this.#destroyed.push({ kekId, at: plan.at });
  }

  *queries(): Iterable<pg.QueryConfig> {
    for (const values of this.#lifted) yield { name: 'lift hold', text: liftText, values };
    yield* insertHolds(this.#placed);
    yield* insertDestroyed(this.#destroyed);
  }
}

export const holds: Group<Act> = {
  uses: (act) => act.holds !== undefined || act.kekDestroyed !== undefined,
  open: async (client, acts) => {
    const named = acts.flatMap((act) => act.holds ?? []).map(({ statement }) => Buffer.from(statement, 'base64url'));
    const text = 'SELECT statement FROM legal_hold WHERE statement = ANY ($1::bytea[]) AND lifted_at IS NULL';
    const { rows } = await client.query<{ statement: Buffer }>({ name: 'legal holds', text, values: [named] });
    return () => new HoldWriter(new Set(rows.map((row) => row.statement.toString('base64url'))));
  },
};
