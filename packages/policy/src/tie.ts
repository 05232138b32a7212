import type { DataClass } from '@entente/statement';
import { type Agreement, isSignedBy, type SignedAgreement } from './agreement.js';

/** What ties two nodes of which one has had a release from the other: the longest kept of them. */
export interface Tie {
  /** digest of the agreement that it rests on */
  agreement: string;
  /** seconds since the epoch: the last `retain_until` */
  until: number;
}

/** For so long after the last `retain_until` what was given can still be called back and answered for. */
const afterwardsSeconds = 365 * 86_400;

/** Until when statements of a kind that needs no grant may pass (docs/protocol.md 8). */
export const tiedUntil = (tie: Tie): number => tie.until + afterwardsSeconds;

/** The agreement of a release keeps its meaning for what was released under it, also after its end. */
export const agreementOf = (agreements: readonly SignedAgreement[], digest: string, ...parties: string[]): SignedAgreement | undefined =>
  agreements.find((signed) => signed.digest === digest && isSignedBy(signed, ...parties));

/** Non-nominal always, and whatever an agreement grants in this direction, for any kind. */
export function classesBetween({ grants }: Agreement, from: string, to: string): DataClass[] {
  const granted = grants.filter((grant) => grant.from.includes(from) && grant.to.includes(to)).flatMap(({ classes }) => classes);
  return [...new Set<DataClass>(['N0', ...granted])];
}

/** The longest that anything released between the two at a time can be kept, and the year after. */
export function longestBetween({ grants }: Agreement, a: string, b: string, at: number): number {
  const between = grants.filter(({ from, to }) => (from.includes(a) && to.includes(b)) || (from.includes(b) && to.includes(a)));
  return at + Math.max(0, ...between.map(({ retention_days }) => retention_days)) * 86_400 + afterwardsSeconds;
}
