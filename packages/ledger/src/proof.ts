import { LedgerError } from './error.js';
import { requireSize, split } from './number.js';
import { type Range, type ReadHashes, rangeRoots } from './subtree.js';

/**
 * Proof that the leaf at `index` is in the tree of its first `size` leaves, from the leaf's sibling up (RFC 9162 section 2.1.3.1).
 * @throws {LedgerError} `bad_size`, `missing_hashes`, `bad_hash`
 */
export async function inclusionProof(index: number, size: number, read: ReadHashes): Promise<Uint8Array[]> {
  requireSize(index, 'index');
  requireSize(size, 'size');
  if (index >= size) throw new LedgerError('bad_size', `a tree of ${size} leaves has no leaf ${index}`);
  return rangeRoots(siblings(index, size), read);
}

/**
 * Proof that the tree of `from` leaves is the beginning of that of `to` leaves (RFC 9162 section 2.1.4.1). Empty for equal sizes and from the empty tree, which
 * every tree continues (C2SP tlog-witness).
 * @throws {LedgerError} `bad_size`, `missing_hashes`, `bad_hash`
 */
export async function consistencyProof(from: number, to: number, read: ReadHashes): Promise<Uint8Array[]> {
  requireSize(from, 'size');
  requireSize(to, 'size');
  if (from > to) throw new LedgerError('bad_size', `${to} leaves do not contain ${from}`);
  return from === 0 || from === to ? [] : rangeRoots(bridge(from, to), read);
}

/**
 * Root of the tree of the first `size` leaves.
 * @throws {LedgerError} `bad_size`, `missing_hashes`, `bad_hash`
 */
export async function rootAt(size: number, read: ReadHashes): Promise<Uint8Array> {
  requireSize(size, 'size');
  const [root] = await rangeRoots([{ begin: 0, end: size }], read);
  return root!;
}

/** The subtrees that a walk from the root to a leaf passes by, the lowest first. */
function siblings(index: number, size: number): Range[] {
  const passed: Range[] = [];
  let { begin, end }: Range = { begin: 0, end: size };
  while (end - begin > 1) {
    const middle = begin + split(end - begin);
    if (index < middle) {
      passed.unshift({ begin: middle, end });
      end = middle;
    } else {
      passed.unshift({ begin, end: middle });
      begin = middle;
    }
  }
  return passed;
}

/** The subtrees that build both roots: a walk down to the node at which the smaller tree ends. */
function bridge(from: number, to: number): Range[] {
  const passed: Range[] = [];
  let { begin, end }: Range = { begin: 0, end: to };
  while (from < end) {
    const middle = begin + split(end - begin);
    if (from <= middle) {
      passed.unshift({ begin: middle, end });
      end = middle;
    } else {
      passed.unshift({ begin, end: middle });
      begin = middle;
    }
  }
  // A smaller tree that is itself one full subtree is known to the verifier by its root.
  return begin === 0 ? passed : [{ begin, end }, ...passed];
}
