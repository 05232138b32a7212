/** Who has to hear of a recall or correction. */
import type { Kind, Relation, StatementInput } from '@entente/statement';
import type { Digest, Store } from '@entente/store';
import type { Directory } from '../../peers/directory.js';

/** Everybody to whom this node released the statement, whatever became of it: a receipt may still be under way. */
export async function releasedTo(store: Pick<Store, 'releasesOf'>, statement: Digest): Promise<string[]> {
  return [...new Set((await store.releasesOf(statement)).map((release) => release.to))];
}

/** What ends the use of a statement goes to all its holders that can be reached, also to those that got it after it was drafted. */
export async function addresseesOf(
  deps: { store: Pick<Store, 'releasesOf'>; directory: Pick<Directory, 'peer'> },
  kind: Kind,
  input: Pick<StatementInput, 'rel'>,
  named: string[],
): Promise<string[]> {
  const targets = kind.ends === undefined ? [] : (input.rel ?? []).filter((relation: Relation) => relation.type === kind.ends);
  const holders = (await Promise.all(targets.map(({ of }) => releasedTo(deps.store, of)))).flat();
  const reachable = holders.filter((holder) => deps.directory.peer(holder)?.state === 'active');
  return [...new Set([...named, ...reachable])];
}
