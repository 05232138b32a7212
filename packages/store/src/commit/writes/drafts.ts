import type pg from 'pg';
import type { Act, DraftWrite } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { draft } from '../../tables/work.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertDrafts = inserter(draft);
const always = ['version', 'state', 'kind', 'author', 'unit', 'addressees', 'open', 'updatedAt'] as const;
/** Absent in a write: unchanged in the row. One statement per member that is there. */
const optional = ['source', 'decidedBy', 'reason', 'checklist', 'statement', 'singleRelease'] as const;
const updateAlways = updater(draft, ['id'], always);
const updateSealed = updater(draft, ['id'], ['ciphertext', 'wrappedKey', 'kekId']);
const updateOptional = optional.map((member) => ({ member, update: updater(draft, ['id'], [member]) }));

class DraftWriter implements Writer<Act> {
  readonly #new: (typeof draft.$inferInsert)[] = [];
  readonly #changes: (DraftWrite & { version: number; updatedAt: number })[] = [];

  constructor(readonly versions: Map<string, number>) {}

  add(act: Act, plan: Plan): void {
    for (const write of act.drafts ?? []) {
      const { expectVersion, sealed, ...rest } = write;
      const before = this.versions.get(write.id) ?? 0;
      if (before !== expectVersion)
        throw new StoreError('version_conflict', `draft ${write.id} is at version ${before}, not ${expectVersion}`);
      const version = expectVersion + 1;
      this.versions.set(write.id, version);
      if (before > 0) this.#changes.push({ ...write, version, updatedAt: plan.at });
      else this.#new.push({ ...rest, ...sealed, version, position: plan.nextRecord(), createdAt: plan.at, updatedAt: plan.at });
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertDrafts(this.#new);
    for (const change of this.#changes) {
      // Who decided stands there before the state that only another than the author can give it.
      for (const { member, update } of updateOptional) {
        if (change[member] !== undefined) yield* update([change as never]);
      }
      yield* updateAlways([change]);
      if (change.sealed) yield* updateSealed([{ id: change.id, ...change.sealed }]);
    }
  }
}

export const drafts: Group<Act> = {
  uses: (act) => act.drafts !== undefined,
  open: async (client, acts) => {
    const ids = acts.flatMap((act) => act.drafts ?? []).map((write) => write.id);
    const text = 'SELECT id, version FROM draft WHERE id = ANY ($1)';
    const { rows } = await client.query<{ id: string; version: number }>({ name: 'draft versions', text, values: [ids] });
    return () => new DraftWriter(new Map(rows.map(({ id, version }) => [id, version])));
  },
};
