import { LedgerError } from './error.js';
import { maxLeafBytes } from './leaf.js';

/**
 * An entry bundle (C2SP tlog-tiles): each leaf behind its length in 16 bits, big-endian.
 * @throws {LedgerError} `leaf_too_large`
 */
export function formatBundle(leaves: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(leaves.reduce((sum, leaf) => sum + 2 + leaf.length, 0));
  const view = new DataView(bundle.buffer);
  let offset = 0;
  for (const leaf of leaves) {
    if (leaf.length > maxLeafBytes) throw new LedgerError('leaf_too_large', `a leaf has at most ${maxLeafBytes} bytes`);
    view.setUint16(offset, leaf.length);
    bundle.set(leaf, offset + 2);
    offset += 2 + leaf.length;
  }
  return bundle;
}

/**
 * The leaves of a bundle. That they are those of the log is for the caller to check, against the tile of the same name.
 * @throws {LedgerError} `bad_bundle`
 */
export function parseBundle(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const leaves: Uint8Array[] = [];
  for (let offset = 0; offset < bundle.length; ) {
    const end = offset + 2 <= bundle.length ? offset + 2 + view.getUint16(offset) : bundle.length + 1;
    if (end > bundle.length) throw new LedgerError('bad_bundle', 'the bundle ends within an entry');
    leaves.push(bundle.slice(offset + 2, end));
    offset = end;
  }
  return leaves;
}
