import type pg from 'pg';
import type { Act, SingleReleaseDecision } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { singleRelease } from '../../tables/single-release.js';
import type { Group, Plan, Writer } from '../plan.js';

type Row = typeof singleRelease.$inferInsert;

const insertReleases = inserter(singleRelease);
const updateDecisions = updater(singleRelease, ['statement'], ['outcome', 'decidedBy', 'decidedAt', 'act', 'recall']);

/** Before the limit an officer decides, from then on only the limit does; whoever comes first, under the locks. */
class SingleReleaseWriter implements Writer<Act> {
  readonly #new: Row[] = [];
  readonly #decided: Required<Pick<Row, 'statement' | 'outcome' | 'decidedBy' | 'decidedAt' | 'act' | 'recall'>>[] = [];

  constructor(readonly undecided: Map<string, number>) {}

  add(act: Act, plan: Plan): void {
    for (const item of act.singleReleases ?? []) this.#new.push({ ...item, position: plan.nextRecord(), releasedAt: plan.at });
    for (const decision of act.singleReleaseDecisions ?? []) this.#decide(decision, plan);
  }

  #decide({ statement, outcome, by, act, recall }: SingleReleaseDecision, plan: Plan): void {
    const confirmBy = this.undecided.get(statement);
    if (confirmBy === undefined) throw new StoreError('version_conflict', `nothing waits for a decision on the release of ${statement}`);
    if ((outcome === 'lapsed') !== plan.at >= confirmBy) throw new StoreError('too_late', `the limit of ${statement} is ${confirmBy}`);
    this.undecided.delete(statement);
    this.#decided.push({
      statement,
      outcome,
      decidedBy: by ?? null,
      decidedAt: plan.at,
      act: act ?? null,
      recall: recall ?? null,
    });
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertReleases(this.#new);
    yield* updateDecisions(this.#decided);
  }
}

export const singleReleases: Group<Act> = {
  uses: (act) => act.singleReleases !== undefined || act.singleReleaseDecisions !== undefined,
  open: async (client, acts) => {
    const named = acts.flatMap((act) => act.singleReleaseDecisions ?? []).map(({ statement }) => Buffer.from(statement, 'base64url'));
    const text = 'SELECT statement, confirm_by AS limit FROM single_release WHERE statement = ANY ($1::bytea[]) AND outcome IS NULL';
    const { rows } = await client.query<{ statement: Buffer; limit: number }>({ name: 'undecided releases', text, values: [named] });
    return () => new SingleReleaseWriter(new Map(rows.map(({ statement, limit }) => [statement.toString('base64url'), limit])));
  },
};
