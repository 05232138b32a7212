/** Texts of agreements in this node's keeping: signatures that come are added to those that are there, and none is ever lost. */
import type { SignedAgreement } from '@entente/policy';
import { mergeAgreements, type OpenedAgreement } from '@entente/seal';
import { type Act, type AgreementRecord, type Digest, type Store, StoreError } from '@entente/store';
import { Problem } from '../problem.js';
import { signedOf } from './directory.js';

/** A text whose signatures were verified, here or when it was stored. */
export type Verified = Pick<OpenedAgreement, 'jws' | 'digest' | 'agreement' | 'payload' | 'signedBy'>;

export interface Kept {
  jws: string;
  signedBy: string[];
}

/** Each signature that comes between reading and writing is one more try; more than this many parties cannot sign one text. */
const MOST_TRIES = 10;

/**
 * Two signatures may come at once, through two processes: whoever is second reads again what the first has written.
 * @param allow what may be kept for the first time; throws a Problem where it may not
 */
export async function keepAgreement(
  store: Pick<Store, 'commit' | 'agreements'>,
  came: Verified,
  { access, allow }: { access?: Act['access']; allow?: (all: AgreementRecord[]) => void } = {},
): Promise<Kept> {
  for (let tries = 1; ; tries++) {
    const all = await store.agreements();
    const held = all.find(({ digest }) => digest === came.digest);
    if (held === undefined) allow?.(all);
    const before = held === undefined ? came : { jws: held.jws, signedBy: held.signedBy, agreement: came.agreement };
    const jws = mergeAgreements(before, came);
    const signedBy = came.agreement.parties.filter((party) => before.signedBy.includes(party) || came.signedBy.includes(party));
    if (held?.signedBy.length === signedBy.length) return held;
    try {
      await store.commit({ agreements: [row(came, { jws, signedBy }, held?.revision ?? 0)], ...(access && { access }) });
      return { jws, signedBy };
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'version_conflict') || tries === MOST_TRIES) throw error;
    }
  }
}

function row({ digest, payload, agreement }: Verified, { jws, signedBy }: Kept, expectRevision: number) {
  const { id, version, parties, effective, expires, supersedes } = agreement;
  const common = { digest, expectRevision, id, version, jws, payload, parties, signedBy, effective, expires };
  return { ...common, ...(supersedes !== undefined && { supersedes }) };
}

/** With all others, which may replace it. Throws `not_found`. */
export async function heldAgreement(
  store: Pick<Store, 'agreements'>,
  digest: Digest,
): Promise<{ held: AgreementRecord; signed: SignedAgreement; all: SignedAgreement[] }> {
  const all = await store.agreements();
  const held = all.find((one) => one.digest === digest);
  if (held === undefined) throw new Problem('not_found', 'this node holds no such agreement');
  return { held, signed: signedOf(held), all: all.map(signedOf) };
}
