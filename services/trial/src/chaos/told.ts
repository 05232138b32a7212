/** What the nodes' own logs say of the storm, over all their epochs, those of lost disks included as far as the backup went. */
import { type Leaf, parseLeaf } from '@entente/ledger';
import type { Member } from '../federation.js';

/** The leaves of each of these epochs, without padding. */
export async function leavesOf({ api }: Member, numbers: readonly number[]): Promise<Leaf[][]> {
  const read = async (epoch: number, from: number) =>
    (await api.auditor.GET('/audit/v1/entries', { params: { query: { from, limit: 1000, epoch } } })).data!;
  const epochs: Leaf[][] = [];
  for (const epoch of numbers) {
    const leaves: Leaf[] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const page: Awaited<ReturnType<typeof read>> = await read(epoch, from);
      leaves.push(...page.items.map(({ leaf }) => parseLeaf(Buffer.from(leaf))));
      from = page.next;
    }
    epochs.push(leaves.filter(({ op }) => op !== 'pad'));
  }
  return epochs;
}

/** Acts that stand twice in one epoch: the same statement issued, or the same release received. */
export const repeated = (epochs: Leaf[][]): number =>
  epochs.reduce((total, leaves) => {
    const acts = leaves.filter(({ op }) => op === 'issued' || op === 'received').map(({ op, digest }) => `${op} ${digest}`);
    return total + acts.length - new Set(acts).size;
  }, 0);

/** Digests of what officers said, as far as the node has signed it. */
export const issuedIn = (epochs: Leaf[][]): Set<string> =>
  new Set(epochs.flat().flatMap(({ op, kind, digest }) => (op === 'issued' && kind === 'sighting' ? [digest!] : [])));
