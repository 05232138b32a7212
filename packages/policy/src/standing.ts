import { isInTime, isSignedBy, replaces, type SignedAgreement } from './agreement.js';

/** What a party says of an agreement that it has signed; each is a signed document of its own (docs/protocol.md 8). */
export const agreementActs = ['suspended', 'resumed', 'denounced'] as const;

export interface AgreementAct {
  party: string;
  act: (typeof agreementActs)[number];
  /** 1, 2, ... of this party and this agreement: order never depends on clocks */
  seq: number;
  digest: string;
  /** when this node first held it, seconds since the epoch */
  heldAt: number;
}

/** Where an agreement stands between two nodes, and what decided, in words for an officer. */
export interface Standing {
  state: 'drafted' | 'proposed' | 'agreed' | 'in_force' | 'suspended' | 'denounced' | 'replaced' | 'expired';
  /** who suspended or denounced it, or has still to sign */
  by?: string;
  reason: string;
}

/**
 * Where an agreement stands between `a` and `b`. What ends it for good is named before what stops it for a while, and both before what it
 * waits for. A version that one of the two has not signed replaces nothing between them.
 */
export function standing(signed: SignedAgreement, all: readonly SignedAgreement[], [a, b]: [string, string], now: number): Standing {
  const { agreement, signedBy } = signed;
  if (signedBy.length === 0) return { state: 'drafted', reason: 'Nobody has signed it.' };
  const unsigned = [a, b].find((node) => !isSignedBy(signed, node));
  if (unsigned !== undefined)
    return { state: 'proposed', by: unsigned, reason: `${unsigned} has not countersigned it; silence is no consent.` };
  const ended = lastActs(signed).find(({ party, act }) => act === 'denounced' && (party === a || party === b));
  if (ended !== undefined) return { state: 'denounced', by: ended.party, reason: `${ended.party} has denounced it.` };
  if (agreement.expires <= now) return { state: 'expired', reason: 'Its time is over.' };
  const newer = all.find((other) => isSignedBy(other, a, b) && replaces(other, signed, now));
  if (newer !== undefined) return { state: 'replaced', reason: `Version ${newer.agreement.version}, signed by both, took its place.` };
  const stopped = lastActs(signed).find(({ party, act }) => act === 'suspended' && (party === a || party === b));
  if (stopped !== undefined) return { state: 'suspended', by: stopped.party, reason: `${stopped.party} has suspended it.` };
  if (!isInTime(signed, now)) return { state: 'agreed', reason: 'Both have signed it; it is not yet in force.' };
  return { state: 'in_force', reason: 'Both have signed it and it is in time.' };
}

/** The agreements in force between two nodes (docs/protocol.md 8). */
export function inForce(agreements: readonly SignedAgreement[], a: string, b: string, now: number): SignedAgreement[] {
  return agreements.filter((signed) => standing(signed, agreements, [a, b], now).state === 'in_force');
}

/** The latest of each party. */
export function lastActs({ acts = [] }: SignedAgreement): AgreementAct[] {
  return acts.filter(({ party, seq }) => !acts.some((other) => other.party === party && other.seq > seq));
}
