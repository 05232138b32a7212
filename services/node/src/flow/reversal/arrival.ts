/** Recalls that came before, or with, what they recall. docs/protocol.md sections 7 and 11. */
import type { Store } from '@entente/store';
import type { Held, Judged, NotHeld } from '../judge.js';
import { recalledOf } from './rest.js';

type New = Held | NotHeld;

/** What ends the use of others is kept before them, so that nothing of the same answer slips past it. */
export function recallsFirst(items: New[]): [recalls: New[], others: New[]] {
  const ends = (item: New) => item.verdict === 'held' && item.kind.ends !== undefined;
  return [items.filter(ends), items.filter((item) => !ends(item))];
}

/** A statement whose originator has recalled it is not kept. Recalled parts of one are taken out right after it is kept. */
export async function notRecalled(deps: { store: Pick<Store, 'reversalsOf'> }, items: Judged[]): Promise<Judged[]> {
  const held = items.filter((item): item is Held => item.verdict === 'held' && item.kind.ends === undefined);
  if (held.length === 0) return items;
  const recalled = await recalledOf(
    deps.store,
    held.map(({ statement }) => ({ digest: statement.digest, iss: statement.claims.iss })),
  );
  return items.map((item): Judged => {
    if (item.verdict !== 'held' || !recalled.get(item.statement.digest)?.whole) return item;
    const { delivered, release } = item;
    return {
      verdict: 'refused',
      delivered,
      release,
      digest: release.digest,
      code: 'recalled',
      reason: 'its originator has recalled this statement',
    };
  });
}
