import { sha256 } from '#bytes';
import { LedgerError } from './error.js';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** Root of the tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1). */
export const emptyRoot: Uint8Array = sha256();

/** Hash of the leaf with these bytes (RFC 6962 section 2.1). */
export function leafHash(bytes: Uint8Array): Uint8Array {
  return sha256(leafPrefix, bytes);
}

/** Hash of the node over two subtrees (RFC 6962 section 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(nodePrefix, left, right);
}

/** Root over neighbouring full subtrees, the larger ones to the left; of none, the empty root. */
export function foldRight(subtrees: readonly Uint8Array[]): Uint8Array {
  return subtrees.length === 0 ? emptyRoot : subtrees.reduceRight((right, left) => nodeHash(left, right));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function requireHash(hash: Uint8Array): void {
  if (hash.length !== 32) throw new LedgerError('bad_hash', `a hash has 32 bytes, not ${hash.length}`);
}
