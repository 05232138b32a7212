/** What issuing a statement and releasing an older one have in common: permits become addressed releases, in one act. */
import { Permit, type Refusal } from '@entente/policy';
import { type IssuedStatement, type SealedRelease, sealRelease } from '@entente/seal';
import { codeList, isUngranted, type Kind, type StatementInput } from '@entente/statement';
import { type Act, type Digest, type NewRelease, type Store, StoreError } from '@entente/store';
import type { Actor, Answer, Idempotency, ReleaseOutcome } from '../agency/acts.js';
import type { Identity } from '../identity.js';
import { Problem } from '../problem.js';
import type { Decided } from './decide.js';

/** Nobody permitted is an error that says why for each, not a statement to nobody (F07). */
export function permitted(decided: Decided[]): Permit[] {
  const permits = decided.flatMap(({ decision }) => (decision instanceof Permit ? [decision] : []));
  if (permits.length === 0) {
    throw new Problem('nothing_released', 'no rule permits to release this to any of the addressees', { releases: decided.map(outcome) });
  }
  return permits;
}

export const refusal = (addressee: string, { rule, code, reason }: Refusal): ReleaseOutcome => ({
  addressee,
  state: 'refused',
  rule,
  code,
  reason,
});
export const outcome = ({ addressee, decision }: Decided): ReleaseOutcome =>
  decision instanceof Permit ? { addressee, state: 'released' } : refusal(addressee, decision);

export function address(
  deps: { identity: Identity; now: () => number; random: (bytes: number) => Uint8Array },
  permit: Permit,
  issued: Pick<IssuedStatement, 'jwt' | 'digest' | 'disclosures'>,
): Promise<SealedRelease> {
  const jti = releaseJti(deps.random);
  const { jwt, digest, disclosures } = issued;
  const request = { iss: deps.identity.id, iat: deps.now(), jti, statement: { jwt, digest }, disclosures };
  return sealRelease(permit, request, deps.identity.signer('release'));
}

export const releaseJti = (random: (bytes: number) => Uint8Array): string => Buffer.from(random(16)).toString('base64url');

/** 0: it ends the use of what is held; 1 is the most urgent of the others. What carries no urgency goes last. */
export function urgencyOf(kind: Kind, input: StatementInput): number {
  if (kind.ends) return 0;
  const order = codeList('urgency').codes.map((c) => c.code);
  const at = order.indexOf(String(input.body.urgency ?? ''));
  return at < 0 ? order.length : at + 1;
}

export function releaseRow(
  permit: Permit,
  release: SealedRelease,
  about: { digest: Digest; kind: string; iat: number; urgency: number; by: string; author?: string; singleRelease?: Digest },
): NewRelease {
  return {
    to: permit.to,
    jti: release.jti,
    digest: release.digest,
    statement: about.digest,
    kind: about.kind,
    jwt: release.jwt,
    bytes: release.jwt.length + release.disclosed.reduce((sum, d) => sum + d.text.length, 0),
    disclosed: release.disclosed.map((d) => d.digest).sort(),
    agreement: permit.agreement.digest,
    retainUntil: permit.terms.retain_until,
    purposes: permit.terms.purposes,
    onward: permit.terms.onward,
    urgency: about.urgency,
    iat: about.iat,
    by: about.by,
    ...(about.author !== undefined && { author: about.author, secondOfficer: permit.release === 'second_officer' }),
    ...(about.singleRelease !== undefined && { singleRelease: about.singleRelease }),
    ...(permit.consent === undefined ? {} : { consent: permit.consent.digest }),
  };
}

export function idempotent(idempotency: Idempotency | undefined, by: Actor, answer: Answer<unknown>): Pick<Act, 'idempotency'> {
  return idempotency ? { idempotency: { actor: by.pseudonym, ...idempotency, respond: () => answer } } : {};
}

/** The rows of peers and agreements are read again in the transaction; if one fell away in between, the officer is told and nothing happened. */
export async function commitRelease(store: Store, permits: Permit[], act: Act): Promise<{ replayed?: unknown }> {
  const agreementsInForce = (act.releases ?? [])
    .filter(({ kind }) => !isUngranted(kind))
    .map(({ agreement, to }) => ({ digest: agreement, between: [permits[0]!.from, to] as [string, string] }));
  const require = { activePeers: permits.map((p) => p.to), agreementsInForce };
  try {
    return await store.commit({ ...act, require });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'stale') {
      throw new Problem('rules_changed', 'a partner or an agreement changed while this was being released; look at the preview again');
    }
    throw error;
  }
}
