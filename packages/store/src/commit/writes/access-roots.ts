import type { AccessRootWrite, Act } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { accessRoot } from '../../tables/log.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertRoots = inserter(accessRoot);

/** One a day: what comes second is left out. */
class AccessRootWriter implements Writer<Act> {
  readonly #rows: (AccessRootWrite & { at: number })[] = [];

  constructor(readonly days: Set<number>) {}

  add({ accessRoot: write }: Act, plan: Plan): void {
    if (write === undefined || this.days.has(write.day)) return;
    this.days.add(write.day);
    this.#rows.push({ ...write, at: plan.at });
    plan.leaf(leafOf.accessRoot(write));
  }

  *queries() {
    yield* insertRoots(this.#rows);
  }
}

export const accessRoots: Group<Act> = {
  uses: (act) => act.accessRoot !== undefined,
  open: async (client, acts) => {
    const text = 'SELECT day FROM access_root WHERE day = ANY ($1)';
    const { rows } = await client.query<{ day: number }>({ name: 'access roots', text, values: [acts.map((act) => act.accessRoot!.day)] });
    return () => new AccessRootWriter(new Set(rows.map(({ day }) => day)));
  },
};
