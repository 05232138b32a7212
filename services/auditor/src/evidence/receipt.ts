import { openReceipt, splitCompact } from '@entente/seal';
import type { ReceiptItem } from '../source.js';
import { assertDigest, type Evidence, proven } from './evidence.js';
import { arrivals } from './release.js';

/** Receipts: those given must say what the log says, those held must be in the log for each release that they name. */
export const receipts: Evidence<ReceiptItem> = {
  name: 'receipt',
  isGivenAgain: true,
  objects: ({ source }, mark) => source.receipts(mark),
  keys: ({ direction, peer, digest, jwt }) =>
    itemsOf(jwt).map(({ release, verdict }) =>
      direction === 'out' ? `out ${peer} ${release} ${verdict}` : `in ${peer} ${digest} ${release}`,
    ),
  leafKey({ leaf: { op, peer, digest, ref } }) {
    if (op === 'receipt_held') return `in ${peer} ${digest} ${ref}`;
    return arrivals.has(op) ? `out ${peer} ${digest} ${arrivals.get(op)}` : undefined;
  },
  async verify({ direction, peer, digest, jwt }, _leaf, { identity }, provenBefore) {
    assertDigest(jwt, digest);
    const [iss, aud] = direction === 'out' ? [identity.id, peer] : [peer, identity.id];
    await openReceipt(jwt, { iss, aud, findKey: identity.findKey, ...proven(provenBefore) });
  },
  label: ({ digest }) => digest,
  unnamed(_key, { direction, digest }, { report }) {
    // A peer may sign receipts for what it was never sent; they are kept, and say nothing about this node.
    if (direction === 'out')
      report({ check: 'receipt', object: digest, position: null, what: 'the log does not say what this receipt says' });
  },
};

/** Read before the signature is checked, for that needs the leaf; what is no receipt has no items and then fails the check. */
function itemsOf(jwt: string): { release: string; verdict: string }[] {
  const { items } = splitCompact(jwt).payload();
  if (!Array.isArray(items)) return [];
  return items.flatMap((item) => {
    const { release, verdict } = typeof item === 'object' && item !== null && !Array.isArray(item) ? item : {};
    return typeof release === 'string' && typeof verdict === 'string' ? [{ release, verdict }] : [];
  });
}
