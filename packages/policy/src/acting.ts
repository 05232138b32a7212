import { isSignedBy, type SignedAgreement } from './agreement.js';
import { type AgreementAct, lastActs } from './standing.js';

/** What a party may do with an agreement: sign it, or say something of one that it has signed. */
export type AgreementStep = 'propose' | 'countersign' | 'suspend' | 'resume' | 'denounce';

/** What a step says once it is done; the first two add a signature instead. */
export const actOfStep: Partial<Record<AgreementStep, AgreementAct['act']>> = {
  suspend: 'suspended',
  resume: 'resumed',
  denounce: 'denounced',
};

/** Why a step cannot be taken, in words for whoever asked for it. */
const obstacles = {
  no_party: 'It is no party of this agreement.',
  over: 'The time of this agreement is over.',
  version_taken: 'It has signed this version, or a later one, with another text.',
  unknown_predecessor: 'The version that this supersedes is not known here.',
  signed_already: 'It has signed this already.',
  not_a_draft: 'Others have signed this: it is countersigned, not proposed.',
  nobody_proposed: 'Nobody has signed this yet: it is proposed first.',
  not_signed: 'It has not signed this, so there is nothing that it could stop.',
  denounced: 'It has denounced this; that is final.',
  suspended_already: 'It has suspended this already.',
  not_suspended: 'It has not suspended this.',
} as const;

export type Obstacle = keyof typeof obstacles;
export const obstacleWords = (obstacle: Obstacle): string => obstacles[obstacle];

interface Asked {
  party: string;
  /** everything that is held, the agreement itself with it */
  all: readonly SignedAgreement[];
  now: number;
}

/** Whether `party` may take a step now; the same for our own officers and for what a partner sends. */
export function obstacleTo(step: AgreementStep, signed: SignedAgreement, asked: Asked): Obstacle | undefined {
  if (!signed.agreement.parties.includes(asked.party)) return 'no_party';
  const signing = step === 'propose' || step === 'countersign';
  return signing ? obstacleToSigning(step, signed, asked) : obstacleToActing(step, signed, asked.party);
}

function obstacleToSigning(step: 'propose' | 'countersign', signed: SignedAgreement, { party, all, now }: Asked): Obstacle | undefined {
  const { agreement, signedBy } = signed;
  if (agreement.expires <= now) return 'over';
  if (signedBy.includes(party)) return 'signed_already';
  if (all.some((other) => takesVersion(other, signed, party))) return 'version_taken';
  if (agreement.supersedes !== undefined && !all.some(({ digest }) => digest === agreement.supersedes)) return 'unknown_predecessor';
  if (step === 'propose' && signedBy.length > 0) return 'not_a_draft';
  return step === 'countersign' && signedBy.length === 0 ? 'nobody_proposed' : undefined;
}

/** Two texts under one name and version could each be called the agreement. */
const takesVersion = (other: SignedAgreement, { digest, agreement }: SignedAgreement, party: string): boolean =>
  other.digest !== digest &&
  other.signedBy.includes(party) &&
  other.agreement.id === agreement.id &&
  other.agreement.version >= agreement.version;

/** Whoever wants out is never held back by a clock: also one that is over can be denounced. */
function obstacleToActing(step: AgreementStep, signed: SignedAgreement, party: string): Obstacle | undefined {
  if (!isSignedBy(signed, party)) return 'not_signed';
  const last = lastActs(signed).find((act) => act.party === party)?.act;
  if (last === 'denounced') return 'denounced';
  if (step === 'suspend' && last === 'suspended') return 'suspended_already';
  return step === 'resume' && last !== 'suspended' ? 'not_suspended' : undefined;
}

/** The number of the next act of a party. */
export const nextSeq = (signed: SignedAgreement, party: string): number =>
  1 + Math.max(0, ...(signed.acts ?? []).filter((act) => act.party === party).map(({ seq }) => seq));
