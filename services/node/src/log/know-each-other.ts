/** Whose logs and cosignatures two partners may see of each other: showing them to anybody else would tell who our partners are. */
import type { SignedAgreement } from '@entente/policy';

/**
 * Whether `peer` knows of `other` already: an agreement that we hold, and that `peer` has signed, names both. Neutral witnesses are known to
 * all. docs/protocol.md section 9.
 */
export function knowEachOther(peer: string, other: string, agreements: readonly SignedAgreement[], neutral: readonly string[]): boolean {
  return (
    other === peer ||
    neutral.includes(other) ||
    agreements.some(({ agreement, signedBy }) => signedBy.includes(peer) && [peer, other].every((one) => agreement.parties.includes(one)))
  );
}
