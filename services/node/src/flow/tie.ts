/** What ties this node to its partners about a statement: each release of it, to them or from them. docs/protocol.md section 8. */
import type { Tie } from '@entente/policy';
import type { Relation } from '@entente/statement';
import type { Store } from '@entente/store';

/** By partner, the longest kept of the releases of what the relations name. */
export async function tieAbout(
  store: Pick<Store, 'releasesOf' | 'receivedOf'>,
  rel: readonly Relation[],
): Promise<(peer: string) => Tie | undefined> {
  const ties = new Map<string, Tie>();
  const add = (peer: string, agreement: string | null, until: number | null) => {
    if (agreement === null || until === null || until <= (ties.get(peer)?.until ?? 0)) return;
    ties.set(peer, { agreement, until });
  };
  for (const { of } of rel) {
    const [out, came] = await Promise.all([store.releasesOf(of), store.receivedOf(of)]);
    for (const release of out) add(release.to, release.agreement, release.retainUntil);
    for (const release of came) add(release.from, release.agreement, release.retainUntil);
  }
  return (peer) => ties.get(peer);
}
