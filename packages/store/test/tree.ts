import { createHash } from 'node:crypto';
import type { LogName, Store } from '../src/index.js';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 6962 section 2.1, word for word, on all leaves at once. */
export function naiveRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.from([0]), leaves[0]!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.from([1]), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** Those of the open block, too. */
export async function allLeaves(store: Store, name: LogName): Promise<Uint8Array[]> {
  const { epoch } = await store.log(name);
  return (await store.leaves(name, epoch, 0, 100_000)).map(({ leaf }) => leaf);
}

/** With a checkpoint the open block is filled, and the tree has all leaves. */
export const filled = (store: Store): Promise<boolean> => store.cutCheckpoint('exchange', async () => 'note');

export const parsed = (leaf: Uint8Array): Record<string, unknown> => JSON.parse(Buffer.from(leaf).toString()) as Record<string, unknown>;
