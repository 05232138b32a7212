/** What stands in the log of a node, as its own auditor reads it. */
import { type Leaf, parseLeaf } from '@entente/ledger';
import type { Member } from './federation.js';

/** The exchange log without padding, in the order of its times: places within a block of it are random. */
export async function leavesOf({ api }: Pick<Member, 'api'>): Promise<Leaf[]> {
  const read = async (from: number) => (await api.auditor.GET('/audit/v1/entries', { params: { query: { from, limit: 500 } } })).data!;
  const leaves: Leaf[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: Awaited<ReturnType<typeof read>> = await read(from);
    leaves.push(...page.items.map((item) => parseLeaf(Buffer.from(item.leaf))));
    from = page.next;
  }
  return leaves.filter((leaf) => leaf.op !== 'pad').sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** Those that were not there before: where a leaf stands says nothing of when it came. */
export async function leavesSince(member: Pick<Member, 'api'>, before: Leaf[]): Promise<Leaf[]> {
  const known = new Set(before.map(({ n }) => n));
  return (await leavesOf(member)).filter(({ n }) => !known.has(n));
}
