import { emptyRoot, Frontier, leafHash, nodeHash, type ReadHashes } from '@entente/ledger';

/** RFC 6962 section 2.1, word by word. */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot;
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

export function numbered(index: number): Uint8Array {
  return leafHash(new TextEncoder().encode(`leaf ${index}`));
}

/** A tree of numbered leaves with what a node stores of it, and a note of every read. */
export class StoredTree {
  readonly frontier = Frontier.empty();
  readonly rows = new Map<string, Uint8Array>();
  readonly leaves: Uint8Array[] = [];
  reads: { level: number; index: number; count: number }[] = [];

  constructor(size = 0) {
    for (let index = 0; index < size; index++) this.append(numbered(index));
  }

  append(leaf: Uint8Array): void {
    this.rows.set(`0/${this.frontier.size}`, leaf);
    this.leaves.push(leaf);
    for (const { level, index, hash } of this.frontier.append(leaf)) this.rows.set(`${level}/${index}`, hash);
  }

  read: ReadHashes = async (level, index, count) => {
    this.reads.push({ level, index, count });
    return Array.from({ length: count }, (_, i) => this.rows.get(`${level}/${index + i}`)!).filter(Boolean);
  };
}

/** A copy with one bit of one byte turned. */
export function flipped(bytes: Uint8Array, bit = 0): Uint8Array {
  const copy = bytes.slice();
  copy[Math.floor(bit / 8) % copy.length]! ^= 1 << (bit % 8);
  return copy;
}
