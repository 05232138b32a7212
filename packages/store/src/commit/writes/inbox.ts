import type pg from 'pg';
import type { Act } from '../../act.js';
import { updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { inbox as inboxTable } from '../../tables/incoming.js';
import type { Group, Plan, Writer } from '../plan.js';

const updateInbox = updater(inboxTable, ['peer', 'digest'], ['state', 'takenBy']);

interface Entry {
  peer: string;
  digest: string;
  state: 'new' | 'seen' | 'taken';
  takenBy: string | null;
}

class InboxWriter implements Writer<Act> {
  readonly #changed = new Set<Entry>();

  /** By digest of the release. */
  constructor(readonly entries: Map<string, Entry>) {}

  add(act: Act, plan: Plan): void {
    for (const { release, state, by } of act.inbox ?? []) {
      const entry = this.entries.get(release);
      if (entry === undefined) throw new StoreError('unknown_reference', `no release ${release} was received`);
      if (state === 'seen' && entry.state !== 'new') continue;
      entry.state = state;
      if (state === 'taken') entry.takenBy = by;
      this.#changed.add(entry);
      plan.notify('inbox', entry.peer);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* updateInbox([...this.#changed]);
  }
}

export const inbox: Group<Act> = {
  uses: (act) => act.inbox !== undefined,
  open: async (client, acts) => {
    const digests = acts.flatMap((act) => act.inbox ?? []).map((item) => Buffer.from(item.release, 'base64url'));
    const text = `SELECT DISTINCT ON (digest) peer, digest, state, taken_by AS "takenBy" FROM inbox
      WHERE digest = ANY ($1::bytea[]) ORDER BY digest, verdict = 'held' DESC`;
    const { rows } = await client.query<Omit<Entry, 'digest'> & { digest: Buffer }>({ name: 'inbox entries', text, values: [digests] });
    const entries = rows.map((row) => ({ ...row, digest: row.digest.toString('base64url') }));
    return () => new InboxWriter(new Map(entries.map((entry) => [entry.digest, { ...entry }])));
  },
};
