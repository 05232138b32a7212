import { openReceipt, splitCompact, type Verdict } from '@entente/seal';
import type { ReceiptItem } from '../source.js';
import { assertDigest, type Evidence, proven } from './evidence.js';

const verdictOf: Partial<Record<string, Verdict>> = { received: 'held', quarantined: 'quarantined', refused: 'refused' };

/** Receipts: those given must say what the log says, those held must be in the log for each release that they name. */
export const receipts: Evidence<ReceiptItem> = {
  name: 'receipt',
  objects: ({ source }) => source.receipts(),
  keys: ({ direction, peer, digest, jwt }) =>
    itemsOf(jwt).map(({ release, verdict }) =>
      direction === 'out' ? `out ${peer} ${release} ${verdict}` : `in ${peer} ${digest} ${release}`,
    ),
  leafKey({ op, peer, digest, ref }) {
    if (op === 'receipt_held') return `in ${peer} ${digest} ${ref}`;
    return verdictOf[op] === undefined ? undefined : `out ${peer} ${digest} ${verdictOf[op]}`;
  },
  async verify({ direction, peer, digest, jwt }, _leaf, { identity }, provenBefore) {
    assertDigest(jwt, digest);
    const [iss, aud] = direction === 'out' ? [identity.id, peer] : [peer, identity.id];
    await openReceipt(jwt, { iss, aud, findKey: identity.findKey, ...proven(provenBefore) });
  },
  label: ({ digest }) => digest,
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
