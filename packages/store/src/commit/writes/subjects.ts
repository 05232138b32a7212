import type pg from 'pg';
import type { Act, SubjectFindingWrite } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { subjectFinding, subjectRequest } from '../../tables/subject.js';
import type { Group, Plan, Writer } from '../plan.js';

type Request = typeof subjectRequest.$inferInsert;
type Finding = typeof subjectFinding.$inferInsert;

const insertRequests = inserter(subjectRequest);
const updateRequests = updater(
  subjectRequest,
  ['id'],
  [
    ...(['version', 'state', 'identity', 'dueAt', 'extended', 'searchedAt', 'outcome', 'ground'] as const),
    ...(['composedBy', 'confirmedBy', 'answeredAt', 'ciphertext', 'wrappedKey', 'kekId', 'updatedAt'] as const),
  ],
);
const insertFindings = inserter(subjectFinding, 'ON CONFLICT DO NOTHING');
const updateComparison = updater(subjectFinding, ['request', 'statement'], ['concerns', 'comparedBy']);
const updateReferral = updater(subjectFinding, ['request', 'statement'], ['draft', 'referral', 'unreachable', 'referredBy']);

class SubjectWriter implements Writer<Act> {
  readonly #new: Request[] = [];
  readonly #changes: Request[] = [];
  readonly #found: Finding[] = [];
  readonly #compared: Extract<SubjectFindingWrite, { concerns: boolean }>[] = [];
  readonly #referred: Extract<SubjectFindingWrite, { referredBy: string }>[] = [];

  constructor(readonly versions: Map<string, number>) {}

  add(act: Act, plan: Plan): void {
    for (const { expectVersion, sealed, ...write } of act.subjectRequests ?? []) {
      const before = this.versions.get(write.id) ?? 0;
      if (before !== expectVersion) throw new StoreError('version_conflict', `request ${write.id} is at version ${before}`);
      this.versions.set(write.id, before + 1);
      const row = { ...write, ...sealed, version: before + 1, position: 0, createdAt: plan.at, updatedAt: plan.at };
      if (before > 0) this.#changes.push(row);
      else this.#new.push({ ...row, position: plan.nextRecord() });
    }
    for (const write of act.subjectFindings ?? []) {
      if ('foundBy' in write) this.#found.push({ ...write, position: plan.nextRecord(), foundAt: plan.at });
      else if ('concerns' in write) this.#compared.push(write);
      else this.#referred.push(write);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertRequests(this.#new);
    for (const change of this.#changes) yield* updateRequests([change]);
    yield* insertFindings(this.#found);
    yield* updateComparison(this.#compared);
    yield* updateReferral(this.#referred);
  }
}

export const subjects: Group<Act> = {
  uses: (act) => act.subjectRequests !== undefined || act.subjectFindings !== undefined,
  open: async (client, acts) => {
    const ids = acts.flatMap((act) => act.subjectRequests ?? []).map((write) => write.id);
    const text = 'SELECT id, version FROM subject_request WHERE id = ANY ($1)';
    const { rows } = await client.query<{ id: string; version: number }>({ name: 'subject request versions', text, values: [ids] });
    return () => new SubjectWriter(new Map(rows.map(({ id, version }) => [id, version])));
  },
};
