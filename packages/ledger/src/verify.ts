import { LedgerError } from './error.js';
import { emptyRoot, nodeHash, requireHash, sameBytes } from './hash.js';
import { requireSize } from './number.js';

/** What a checkpoint says of a tree. */
export interface TreeHead {
  size: number;
  root: Uint8Array;
}

/**
 * Checks that a leaf hash is at `index` in a tree (RFC 9162 section 2.1.3.2). Everything passed in may be the attacker's, but `root` and `size`.
 * @throws {LedgerError} `bad_size`, `bad_hash`, `bad_proof`, `root_mismatch`
 */
export function verifyInclusion(a: { leafHash: Uint8Array; index: number; head: TreeHead; proof: readonly Uint8Array[] }): void {
  requireSize(a.index, 'index');
  requireSize(a.head.size, 'size');
  if (a.index >= a.head.size) throw new LedgerError('bad_size', `a tree of ${a.head.size} leaves has no leaf ${a.index}`);
  requireHash(a.leafHash);
  a.proof.forEach(requireHash);

  let node = a.index;
  let last = a.head.size - 1; // the last node of the same height
  let hash = a.leafHash;
  for (const sibling of a.proof) {
    if (last === 0) throw new LedgerError('bad_proof', 'the proof is longer than the path');
    [node, last] = skipLonely(node, last);
    hash = node % 2 === 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    [node, last] = [half(node), half(last)];
  }
  if (last !== 0) throw new LedgerError('bad_proof', 'the proof is shorter than the path');
  requireRoot(hash, a.head.root);
}

/**
 * Checks that the tree `from` is the beginning of the tree `to` (RFC 9162 section 2.1.4.2). From the empty tree the proof must be empty (C2SP tlog-witness).
 * @throws {LedgerError} `bad_size`, `bad_hash`, `bad_proof`, `root_mismatch`
 */
export function verifyConsistency(a: { from: TreeHead; to: TreeHead; proof: readonly Uint8Array[] }): void {
  const { from, to, proof } = a;
  requireSize(from.size, 'size');
  requireSize(to.size, 'size');
  if (from.size > to.size) throw new LedgerError('bad_size', `${to.size} leaves do not contain ${from.size}`);
  for (const head of [from, to]) {
    if (head.size === 0) requireRoot(emptyRoot, head.root);
  }
  if (from.size === 0 || from.size === to.size) {
    if (proof.length > 0) throw new LedgerError('bad_proof', 'between these sizes there is nothing to prove');
    if (from.size === to.size) requireRoot(from.root, to.root);
    return;
  }
  proof.forEach(requireHash);
  climb(from, to, proof);
}

function climb(from: TreeHead, to: TreeHead, proof: readonly Uint8Array[]): void {
  let node = from.size - 1;
  let last = to.size - 1;
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  // Where the smaller tree is one full subtree the climb starts at its root, and the proof leaves that out.
  const path = node === 0 ? [from.root, ...proof] : proof;
  if (path.length === 0) throw new LedgerError('bad_proof', 'the proof is empty');
  let [older, newer] = [path[0]!, path[0]!];
  for (const sibling of path.slice(1)) {
    if (last === 0) throw new LedgerError('bad_proof', 'the proof is longer than the path');
    [node, last] = skipLonely(node, last);
    if (node % 2 === 1) [older, newer] = [nodeHash(sibling, older), nodeHash(sibling, newer)];
    else newer = nodeHash(newer, sibling);
    [node, last] = [half(node), half(last)];
  }
  if (last !== 0) throw new LedgerError('bad_proof', 'the proof is shorter than the path');
  requireRoot(older, from.root);
  requireRoot(newer, to.root);
}

/** A last node that is a left child has no sibling: it is its own parent, until it is a right child or the root. */
function skipLonely(node: number, last: number): [node: number, last: number] {
  while (node === last && node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
  return [node, last];
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function requireRoot(computed: Uint8Array, expected: Uint8Array): void {
  if (!sameBytes(computed, expected)) throw new LedgerError('root_mismatch', 'the proof leads to another root');
}
