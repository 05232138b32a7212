import type pg from 'pg';
import type { Act, NewReversal, ReversalAnswer } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { compliance, reversal, reversalApplied, reversalDerivative } from '../../tables/reversal.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertReversals = inserter(reversal);
const updateAnswers = updater(reversal, ['statement'], ['outcome', 'keptUntil', 'answer', 'answeredAt']);
const insertApplied = inserter(
  reversalApplied,
  `ON CONFLICT (reversal, ref) DO UPDATE SET state = excluded.state, at = excluded.at WHERE reversal_applied.state <> 'done'`,
);
const insertDerivatives = inserter(reversalDerivative, 'ON CONFLICT DO NOTHING');
const insertCompliances = inserter(compliance, 'ON CONFLICT DO NOTHING');

class ReversalWriter implements Writer<Act> {
  readonly #reversals: (typeof reversal.$inferInsert)[] = [];
  readonly #answers = new Map<
    string,
    Required<Pick<typeof reversal.$inferInsert, 'statement' | 'outcome' | 'keptUntil' | 'answer' | 'answeredAt'>>
  >();
  readonly #applied = new Map<string, typeof reversalApplied.$inferInsert>();
  readonly #derivatives: (typeof reversalDerivative.$inferInsert)[] = [];
  readonly #compliances: (typeof compliance.$inferInsert)[] = [];

  constructor(readonly known: Set<string>) {}

  add(act: Act, plan: Plan): void {
    for (const item of act.reversals ?? []) this.#reverse(item, plan);
    for (const { reversal, ref, state = 'done', derivative } of act.reversed ?? []) {
      if (ref !== undefined) this.#applied.set(`${reversal} ${ref}`, { reversal, ref, state, at: plan.at });
      if (derivative !== undefined) this.#derivatives.push({ reversal, statement: derivative, at: plan.at });
    }
    for (const item of act.answers ?? []) this.#answer(item, plan);
    for (const item of act.compliances ?? []) {
      if (this.known.has(item.statement)) continue;
      this.known.add(item.statement);
      const { from: peer, kind: _, ...rest } = item;
      this.#compliances.push({ ...rest, peer, position: plan.nextRecord(), at: plan.at });
      plan.leaf(leafOf.complied(item, peer));
    }
  }

  #reverse(item: NewReversal, plan: Plan): void {
    if (this.known.has(item.statement)) return;
    this.known.add(item.statement);
    this.#reversals.push({ ...item, position: plan.nextRecord(), at: plan.at });
    if (item.type === 'recalls') plan.leaf(leafOf.recalled(item));
    plan.notify('reversal', item.iss);
  }

  #answer(item: ReversalAnswer, plan: Plan): void {
    const { reversal, statement, outcome, keptUntil = null } = item;
    this.#answers.set(reversal, { statement: reversal, outcome, keptUntil, answer: statement, answeredAt: plan.at });
    plan.leaf(leafOf.complied(item, undefined));
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertReversals(this.#reversals);
    yield* updateAnswers([...this.#answers.values()]);
    yield* insertApplied([...this.#applied.values()]);
    yield* insertDerivatives(this.#derivatives);
    yield* insertCompliances(this.#compliances);
  }
}

const knownText = `SELECT statement FROM reversal WHERE statement = ANY ($1::bytea[])
  UNION ALL SELECT statement FROM compliance WHERE statement = ANY ($1::bytea[])`;

export const reversals: Group<Act> = {
  uses: (act) => [act.reversals, act.reversed, act.answers, act.compliances].some((items) => items !== undefined),
  open: async (client, acts) => {
    const named = acts
      .flatMap((act) => [...(act.reversals ?? []), ...(act.compliances ?? [])])
      .map(({ statement }) => Buffer.from(statement, 'base64url'));
    const { rows } = await client.query<{ statement: Buffer }>({ name: 'known reversals', text: knownText, values: [named] });
    const known = rows.map(({ statement }) => statement.toString('base64url'));
    return () => new ReversalWriter(new Set(known));
  },
};
