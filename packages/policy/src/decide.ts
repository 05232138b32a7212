import { type Handling, isUngranted, type LegalBasis, openRelations, type Part, type Relation } from '@entente/statement';
import { type Agreement, type Grant, isSignedBy, type ReleaseMode, type SignedAgreement } from './agreement.js';
import { isCompetent } from './competence.js';
import type { OnwardConsent } from './consent.js';
import { decideParts, type PartContext } from './parts.js';
import { type Decision, grantPermit, type PartDecision, Permit, Refusal, type RelayDecision, type Terms } from './permit.js';
import type { Facts, RuleId } from './rules.js';
import { inForce, type Standing, standing } from './standing.js';
import { carriesPersonalData, commonPurposes, isWithin, onwardOfHandling, replyBy, retainUntil, strictestOnward } from './terms.js';
import { agreementOf, classesBetween, type Tie, tiedUntil } from './tie.js';

/** May `from` release this statement to `to`, and which parts of it? Times are seconds since the epoch. */
export interface Question {
  kind: string;
  parts: readonly Part[];
  handling: Handling;
  legal_basis: readonly LegalBasis[];
  exercise: boolean;
  valid_until: number;
  from: string;
  to: string;
  /** false: this node exchanges nothing with the addressee at present */
  partner?: boolean;
  /** the highest classification that this node, and the link to the addressee, may carry */
  ceilings?: Ceilings;
  agreements: readonly SignedAgreement[];
  now: number;
  /** the relations that the parts `/rel/0`, `/rel/1` ... and the open relations stand for */
  rel?: readonly Relation[];
  /** whether a node is known to hold a statement; without it, nobody holds anything */
  relHeldBy?: (of: string, node: string) => boolean;
  /** whether a statement is an exercise; undefined when it is not known here */
  relExercise?: (of: string) => boolean | undefined;
  /** who signed a statement; undefined when it is not known here */
  relOriginator?: (of: string) => string | undefined;
  /** who signed this one, if not `from` */
  originator?: string;
  /** of who signed it: a code of the list `agency-type` */
  agency_type?: string | undefined;
  /** when the statement was issued, if that was before now */
  issued_at?: number;
  /** an officer releases an older statement expressly */
  release_act?: boolean;
  /** pseudonyms of those at the addressee who alone may read it; a statement marked TLP:RED needs some */
  readers?: readonly string[];
  /** reference of a judicial authorisation, for parts of class J1 */
  authorisation?: string;
  urgency?: string;
  reply_by?: number;
  /** asks for an action that uses force against persons or goods */
  coercive?: boolean;
  /** a code of the list `transfer-basis`; without one the agreement is the ground */
  transfer_basis?: string;
  /** between `from` and `to`, for kinds that need no grant */
  tie?: Tie | undefined;
  /** pointers of parts that the officer holds back, with everything in them */
  held_back?: readonly string[];
  /** statements of other agencies that this one was made from, each with its originator's consent that `to` gets it, where there is one */
  inputs?: readonly { originator: string; consent: OnwardConsent | undefined }[];
}

/** Codes of the list `classification-level`. */
export interface Ceilings {
  node: string;
  link: string;
}

/** Kinds that two officers release whatever the agreement says; so are personal data and coercive actions. */
export const secondOfficerKinds: ReadonlySet<string> = new Set(['denial', 'freeze', 'operation', 'recall', 'consent']);

/** A signed agreement is an instrument with safeguards in the sense of Directive (EU) 2016/680 Art. 37(1)(a). */
const agreementAsBasis = 'SAFEGUARDS_INSTRUMENT';

/**
 * The one place that lets something leave. Whatever no rule permits is refused; each refusal names its rule.
 * Of the grants that cover a statement, the one that releases most carries it; of equals, the one that keeps
 * shorter. Grants are never added together: their terms could not be told apart afterwards.
 */
export function decide(question: Question): Decision {
  return decideWith(question, undefined);
}

/** The same for a statement that another agency has signed: what its originator has consented to, of what an agreement lets through. */
export function decideRelay(question: Question, consent: OnwardConsent): RelayDecision {
  const { from, to, handling } = question;
  if (consent.holder !== from || consent.to !== to) return new Refusal('consent_to_others', { from: consent.originator, to });
  if (onwardOfHandling(handling) === 'none') return new Refusal('onward_forbidden', question);
  const purposes = handling.purposes.filter((purpose) => consent.purposes.includes(purpose));
  return decideWith({ ...question, handling: { ...handling, purposes } }, consent) as RelayDecision;
}

function decideWith(question: Question, consent: OnwardConsent | undefined): Decision {
  const general = generalRefusal(question);
  if (general !== undefined) return new Refusal(general, { ...question, marking: question.handling.classification.level });
  if (isUngranted(question.kind)) return onTie(question);
  const withheld = question.inputs?.find((input) => input.originator !== question.to && input.consent?.to !== question.to);
  if (withheld !== undefined) return new Refusal('input_without_consent', { from: withheld.originator, to: question.to });
  const agreements = inForce(question.agreements, question.from, question.to, question.now);
  if (agreements.length === 0) return noAgreement(question);
  const candidates = agreements.flatMap((signed) => underAgreement(question, signed, consent));
  const covered = candidates.filter((candidate): candidate is Covered => !('rule' in candidate));
  return covered.length > 0 ? permit(question, covered.reduce(better), consent) : furthest(candidates as Failed[], question);
}

function generalRefusal(question: Question): RuleId | undefined {
  const { from, to, partner, now, valid_until, handling, exercise, rel = [], relHeldBy, relExercise, relOriginator } = question;
  const { originator = from } = question;
  if (from === to) return 'to_itself';
  if (partner === false) return 'no_active_partner';
  if (!isCompetent(question.kind, question.agency_type)) return 'not_competent';
  if (valid_until <= now) return 'statement_expired';
  if (rel.some(({ of }) => (relExercise?.(of) ?? exercise) !== exercise)) return 'exercise_apart';
  const above = aboveCeiling(handling, question.ceilings);
  if (above !== undefined) return above;
  if (rel.some(({ type, of }) => openRelations.has(type) && relHeldBy?.(of, to) !== true)) return 'target_not_held';
  if (rel.some(({ type, of }) => openRelations.has(type) && (relOriginator?.(of) ?? originator) !== originator)) return 'not_originator';
  return undefined;
}

/** What was given can be called back, corrected and answered for, whatever became of the agreement. */
function onTie(question: Question): Decision {
  const { from, to, tie, now, agreements, handling, parts } = question;
  if (tie === undefined || now >= tiedUntil(tie)) return new Refusal('no_tie', question);
  const signed = agreementOf(agreements, tie.agreement, from, to);
  if (signed === undefined) return new Refusal('agreement_unknown', question);
  const facts = factsOf(question, signed.agreement);
  const { released, withheld } = decideParts(parts, { ...contextOf(question, facts), classes: classesBetween(signed.agreement, from, to) });
  const { transfer_basis = agreementAsBasis, reply_by, readers = [] } = question;
  const terms = { purposes: handling.purposes, retain_until: tiedUntil(tie), onward: onwardOfHandling(handling), transfer_basis };
  const release = releaseMode(question, 'automatic', released);
  return permitUnder(question, signed, {
    released,
    withheld,
    terms: { ...terms, ...(reply_by === undefined ? {} : { reply_by }), ...(readers.length === 0 ? {} : { readers: [...readers] }) },
    release,
  });
}

/** Whatever was agreed: a node is accredited up to a level, and so is the way to a partner. */
export function aboveCeiling({ classification }: Handling, ceilings: Ceilings | undefined): RuleId | undefined {
  if (ceilings === undefined) return undefined;
  if (!isWithin('classification-level', classification.level, ceilings.node)) return 'above_node_ceiling';
  return isWithin('classification-level', classification.level, ceilings.link) ? undefined : 'above_link_ceiling';
}

interface Covered {
  signed: SignedAgreement;
  grant: Grant;
  released: PartDecision[];
  withheld: PartDecision[];
}

interface Failed {
  rule: RuleId;
  facts: Facts;
  /** how many questions it had answered with yes */
  passed: number;
}

function underAgreement(question: Question, signed: SignedAgreement, consent?: OnwardConsent): (Covered | Failed)[] {
  const { grants } = signed.agreement;
  if (grants.length > 0) return grants.map((grant) => underGrant(question, signed, grant, consent));
  return [{ rule: 'direction_not_granted', facts: factsOf(question, signed.agreement), passed: 0 }];
}

function underGrant(question: Question, signed: SignedAgreement, grant: Grant, consent?: OnwardConsent): Covered | Failed {
  const facts = factsOf(question, signed.agreement);
  const checks = coverage(question, signed.agreement, grant);
  const failed = checks.findIndex(([, holds]) => !holds);
  if (failed !== -1) return { rule: checks[failed]![0], facts, passed: failed };
  const { parts } = question;
  const decided = decideParts(parts, { ...contextOf(question, facts), classes: grant.classes, consent });
  const nothing = grant.classes.length === 0 || (parts.length > 0 && decided.released.length === 0);
  return nothing ? { rule: 'nothing_granted', facts, passed: checks.length } : { signed, grant, ...decided };
}

function contextOf(question: Question, facts: Facts): Omit<PartContext, 'classes' | 'consent'> {
  const { rel = [], relHeldBy, to, authorisation, held_back: heldBack = [], transfer_basis } = question;
  const personalData = carriesPersonalData(transfer_basis);
  return { facts, rel, isHeld: (of) => relHeldBy?.(of, to) === true, authorisation, heldBack, personalData };
}

/** What a grant must say to a statement before its parts are looked at, in the order in which it is asked. */
function coverage(question: Question, agreement: Agreement, grant: Grant): [RuleId, boolean][] {
  const { from, to, kind, handling, now, readers = [], issued_at, release_act } = question;
  return [
    ['direction_not_granted', grant.from.includes(from) && grant.to.includes(to)],
    ['kind_not_granted', grant.kinds.includes(kind)],
    ['older_than_agreement', release_act === true || issued_at === undefined || issued_at >= agreement.effective],
    ['purpose_not_granted', commonPurposes(handling, grant).length > 0],
    ['tlp_above_ceiling', isWithin('tlp', handling.tlp, grant.handling_ceiling.tlp)],
    [
      'classification_above_ceiling',
      isWithin('classification-level', handling.classification.level, grant.handling_ceiling.classification),
    ],
    ['red_needs_names', handling.tlp !== 'RED' || readers.length > 0],
    ['terms_run_out', retainUntil(now, grant, handling, issued_at) > now],
  ];
}

const factsOf = ({ from, to, kind, handling }: Question, agreement: Agreement): Facts => ({
  from,
  to,
  kind,
  agreement,
  marking: handling.tlp,
});

function better(a: Covered, b: Covered): Covered {
  if (a.released.length !== b.released.length) return a.released.length > b.released.length ? a : b;
  return b.grant.retention_days < a.grant.retention_days ? b : a;
}

function permit(question: Question, { signed, grant, released, withheld }: Covered, consent?: OnwardConsent): Permit {
  return permitUnder(question, signed, {
    released,
    withheld,
    terms: termsOf(question, grant, consent),
    release: releaseMode(question, grant.release, released),
    consent,
  });
}

function permitUnder(
  { from, to }: Question,
  { digest, agreement: { id, version } }: SignedAgreement,
  decided: Omit<Parameters<(typeof Permit)[typeof grantPermit]>[0], 'from' | 'to' | 'agreement'>,
): Permit {
  return Permit[grantPermit]({ from, to, agreement: { id, version, digest }, ...decided });
}

function termsOf(question: Question, grant: Grant, consent?: OnwardConsent): Terms {
  const { handling, now, issued_at, urgency, readers = [], transfer_basis = agreementAsBasis, reply_by = replyBy(urgency, now) } = question;
  return {
    purposes: commonPurposes(handling, grant),
    retain_until: Math.min(retainUntil(now, grant, handling, issued_at), consent?.retainUntil ?? Number.POSITIVE_INFINITY),
    onward: strictestOnward(grant.onward, onwardOfHandling(handling)),
    transfer_basis,
    ...(reply_by === undefined ? {} : { reply_by }),
    ...(readers.length === 0 ? {} : { readers: [...readers] }),
  };
}

function releaseMode({ kind, coercive }: Question, granted: ReleaseMode, released: readonly PartDecision[]): ReleaseMode {
  const personal = released.some(({ part }) => part.dataClass === 'P1');
  return personal || coercive === true || secondOfficerKinds.has(kind) ? 'second_officer' : granted;
}

/** The officer is told what came closest. */
function furthest(failed: readonly Failed[], question: Question): Refusal {
  const { rule, facts } = failed.reduce((a, b) => (b.passed > a.passed ? b : a));
  const marking = rule === 'classification_above_ceiling' ? question.handling.classification.level : facts.marking;
  return new Refusal(rule, { ...facts, marking });
}

function noAgreement({ agreements, from, to, now }: Question): Refusal {
  const between = agreements.filter(({ agreement }) => agreement.parties.includes(from) && agreement.parties.includes(to));
  if (between.length === 0) return new Refusal('agreement_missing', { from, to });
  const signed = between.filter((candidate) => isSignedBy(candidate, from, to));
  const latest = (signed.length > 0 ? signed : between).reduce((a, b) => (b.agreement.effective > a.agreement.effective ? b : a));
  const { state, by } = standing(latest, agreements, [from, to], now);
  return new Refusal(ruleOfState[state], { from, to, by, agreement: latest.agreement });
}

/** Why an agreement carries nothing now. */
const ruleOfState = {
  drafted: 'agreement_half_signed',
  proposed: 'agreement_half_signed',
  agreed: 'agreement_not_yet',
  in_force: 'agreement_missing',
  suspended: 'agreement_suspended',
  denounced: 'agreement_denounced',
  replaced: 'agreement_replaced',
  expired: 'agreement_ended',
} as const satisfies Record<Standing['state'], RuleId>;
