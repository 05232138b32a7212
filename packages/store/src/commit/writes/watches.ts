import type pg from 'pg';
import type { Act, WatchWrite } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { watch, watchToken } from '../../tables/watch.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertWatches = inserter(watch);
const insertTokens = inserter(watchToken);
const updateState = updater(watch, ['id'], ['version', 'state', 'author', 'unit', 'entries', 'updatedAt']);
const updateContent = updater(watch, ['id'], ['ciphertext', 'wrappedKey', 'kekId', 'baseline', 'past']);

type Row = typeof watch.$inferInsert;

/** Under the locks: whatever is stored after this position finds the list, whatever came before is held against it later. */
class WatchWriter implements Writer<Act> {
  readonly #new = new Map<string, Row>();
  readonly #changed = new Map<string, Row>();
  readonly #tokens = new Map<string, (typeof watchToken.$inferInsert)[]>();

  constructor(readonly versions: Map<string, number>) {}

  add(act: Act, plan: Plan): void {
    for (const write of act.watches ?? []) this.#add(write, plan);
  }

  #add({ id, expectVersion, state, author, unit, sealed, entries }: WatchWrite, plan: Plan): void {
    const before = this.versions.get(id) ?? 0;
    if (before !== expectVersion)
      throw new StoreError('version_conflict', `watch list ${id} is at version ${before}, not ${expectVersion}`);
    this.versions.set(id, before + 1);
    const position = plan.nextRecord();
    const content = (state === 'active' && sealed) || { ciphertext: null, wrappedKey: null, kekId: null };
    const row = { id, position, version: before + 1, state, author, unit, entries: entries.length, ...content, baseline: position };
    (before === 0 ? this.#new : this.#changed).set(id, {
      ...row,
      past: entries.length === 0 ? position : 0,
      createdAt: plan.at,
      updatedAt: plan.at,
    });
    this.#tokens.set(
      id,
      entries.flatMap((parts, entry) => tokensOf(id, entry, parts)),
    );
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertWatches([...this.#new.values()]);
    yield* updateState([...this.#changed.values()]);
    yield* updateContent([...this.#changed.values()]);
    for (const id of this.#changed.keys()) yield { text: 'SELECT forget_watch($1)', values: [id] };
    yield* insertTokens([...this.#tokens.values()].flat());
  }
}

/** A token that stands twice in a part is one: two fields may write a value alike. */
function tokensOf(id: string, entry: number, parts: WatchWrite['entries'][number]): (typeof watchToken.$inferInsert)[] {
  return parts.flatMap((part, i) => {
    const distinct = new Map(part.map((one) => [Buffer.from(one.token).toString('latin1'), one]));
    return [...distinct.values()].map(({ token, field }) => ({ token, watch: id, entry, part: i, parts: parts.length, field }));
  });
}

export const watches: Group<Act> = {
  uses: (act) => act.watches !== undefined,
  open: async (client, acts) => {
    const ids = acts.flatMap((act) => act.watches ?? []).map((write) => write.id);
    const text = `SELECT id, version FROM watch WHERE id = ANY ($1) AND state = 'active'`;
    const { rows } = await client.query<{ id: string; version: number }>({ name: 'watch versions', text, values: [ids] });
    return () => new WatchWriter(new Map(rows.map(({ id, version }) => [id, version])));
  },
};
