import { type DataClass, type Handling, isUngranted, type Part } from '@entente/statement';
import { type Grant, isInTime, isSignedBy, type SignedAgreement } from './agreement.js';
import { isCompetent } from './competence.js';
import type { OnwardConsent } from './consent.js';
import { aboveCeiling, type Ceilings } from './decide.js';
import { type FeedPlace, isWithinDenounced } from './denunciation.js';
import { type AgreementName, Refusal, type Terms } from './permit.js';
import type { Facts } from './rules.js';
import { lastActs } from './standing.js';
import { commonPurposes, isWithin, onwardOfHandling, retainUntil, strictestOnward } from './terms.js';
import { agreementOf, classesBetween, longestBetween, type Tie, tiedUntil } from './tie.js';

/** What a recipient asks of what arrived, after every signature held. Times are seconds since the epoch. */
export interface Arrival {
  /** the terms as the sender signed them */
  release: Terms & { iat: number; agreement: AgreementName };
  claims: { kind: string; handling: Handling; valid_until: number };
  /** what was disclosed */
  parts: readonly Part[];
  from: string;
  to: string;
  /** of who signed it: a code of the list `agency-type` */
  agency_type?: string | undefined;
  agreements: readonly SignedAgreement[];
  now: number;
  /** between the two, for kinds that need no grant */
  tie?: Tie | undefined;
  /** of the originator, where the statement is of another agency than the sender */
  consent?: OnwardConsent;
  /** where the sender's pages place the release; asked for only after a denunciation */
  place?: FeedPlace | undefined;
  /** the highest classification that this node, and the link to the sender, may carry */
  ceilings?: Ceilings;
}

/** It may be kept, on these terms: the sender's, or stricter ones where the agreement is stricter. */
export interface Acceptance {
  agreement: AgreementName;
  terms: Terms;
}

/**
 * The receiver's side of the same agreement: does the version that the release names cover sender, kind,
 * classes and purposes? A release is judged by the version that it names, also when a later one exists by now
 * (docs/protocol.md 8). Codes of refusals: agreement_unknown, agreement_not_in_force, sender_not_covered,
 * kind_not_covered, purpose_not_covered, handling_not_covered, class_not_covered, no_onward_consent, no_tie, expired,
 * sender_not_competent.
 */
export function accept(arrival: Arrival): Acceptance | Refusal {
  const { kind } = arrival.claims;
  if (!isCompetent(kind, arrival.agency_type)) return new Refusal('not_competent', { kind });
  if (isUngranted(kind)) return acceptOnTie(arrival);
  const { release, from, to, agreements, now } = arrival;
  const signed = agreements.find(({ digest, agreement: { id, version } }) => {
    const name = release.agreement;
    return digest === name.digest && id === name.id && version === name.version;
  });
  if (signed === undefined) return new Refusal('agreement_unknown', {});
  const facts: Facts = { from, to, kind, agreement: signed.agreement, marking: arrival.claims.handling.tlp };
  if (!isSignedBy(signed, from, to) || !isInTime(signed, release.iat) || now >= endWithGrace(signed))
    return new Refusal('agreement_not_in_force', facts);
  const stopped = lastActs(signed).find(({ act, party }) => act === 'suspended' && (party === from || party === to));
  if (stopped !== undefined) return new Refusal('suspended_between', { ...facts, by: stopped.party });
  if (!isWithinDenounced(signed, { from, to, place: arrival.place, now })) return new Refusal('after_denunciation', facts);
  const { handling, valid_until } = arrival.claims;
  if (valid_until <= now) return new Refusal('statement_expired', facts);
  const above = aboveCeiling(handling, arrival.ceilings);
  if (above !== undefined) return new Refusal(above, { ...facts, marking: handling.classification.level });
  if (handling.tlp === 'RED' && !release.readers?.length) return new Refusal('red_needs_names', facts);
  const { consent } = arrival;
  if (consent !== undefined && !isWithinConsent(arrival, consent))
    return new Refusal('beyond_consent', { ...facts, from: consent.originator });
  return underBestGrant(arrival, signed, facts);
}

/**
 * What was given can be called back, corrected and answered for. A recall may come before what it recalls: then an agreement that is in
 * force serves as well as a release.
 */
function acceptOnTie(arrival: Arrival): Acceptance | Refusal {
  const { release, from, to, agreements, parts, claims, tie, now } = arrival;
  const { iat, purposes, retain_until, onward, transfer_basis, reply_by, readers } = release;
  const signed = agreementOf(agreements, release.agreement.digest, from, to);
  if (signed === undefined) return new Refusal('agreement_unknown', {});
  const { digest, agreement } = signed;
  const facts: Facts = { from, to, kind: claims.kind, agreement };
  const tied = tie !== undefined && now < tiedUntil(tie);
  if (!tied && !(isInTime(signed, iat) && now < endWithGrace(signed))) return new Refusal('no_tie', facts);
  const classes = classesBetween(agreement, from, to);
  const foreign = parts.find(({ dataClass }) => dataClass === 'P2' || !classes.includes(dataClass));
  if (foreign !== undefined) return new Refusal('class_not_granted_to_us', { ...facts, dataClass: foreign.dataClass });
  const until = Math.min(retain_until, longestBetween(agreement, from, to, iat));
  if (until <= now) return new Refusal('terms_run_out', facts);
  const terms = { purposes, retain_until: until, onward: strictestOnward(onward, onwardOfHandling(claims.handling)), transfer_basis };
  return {
    agreement: { id: agreement.id, version: agreement.version, digest },
    terms: { ...terms, ...(reply_by === undefined ? {} : { reply_by }), ...(readers === undefined ? {} : { readers }) },
  };
}
const isWithinConsent = ({ parts, release }: Arrival, consent: OnwardConsent): boolean =>
  parts.every((part) => consent.covers(part)) && release.purposes.every((purpose) => consent.purposes.includes(purpose));

/** What was released in time may be under way when the agreement ends. */
const endWithGrace = ({ agreement }: SignedAgreement): number => agreement.expires + agreement.grace_hours * 3600;

/** Where several grants cover it, the one that takes nothing from the terms that the sender signed. */
function underBestGrant(arrival: Arrival, signed: SignedAgreement, facts: Facts): Acceptance | Refusal {
  const verdicts = signed.agreement.grants.map((grant) => underGrant(arrival, signed, grant, facts));
  const accepted = verdicts.filter((verdict): verdict is Acceptance => !(verdict instanceof Refusal));
  const asSigned = accepted.find(
    ({ terms }) => terms.onward === arrival.release.onward && terms.retain_until === arrival.release.retain_until,
  );
  if (accepted.length > 0) return asSigned ?? accepted[0]!;
  const ranked = (verdicts as Refusal[]).sort((a, b) => order.indexOf(b.rule) - order.indexOf(a.rule));
  return ranked[0] ?? new Refusal('direction_not_granted', facts);
}

const order: readonly Refusal['rule'][] = [
  'direction_not_granted',
  'kind_not_granted',
  'purpose_not_granted',
  'tlp_above_ceiling',
  'classification_above_ceiling',
  'class_not_granted_to_us',
  'terms_run_out',
];

function underGrant(
  { release, claims, parts, from, to, now, consent }: Arrival,
  signed: SignedAgreement,
  grant: Grant,
  facts: Facts,
): Acceptance | Refusal {
  const { handling, kind } = claims;
  const allowed = commonPurposes(handling, grant);
  if (!grant.from.includes(from) || !grant.to.includes(to)) return new Refusal('direction_not_granted', facts);
  if (!grant.kinds.includes(kind)) return new Refusal('kind_not_granted', facts);
  if (release.purposes.length === 0 || !release.purposes.every((purpose) => allowed.includes(purpose)))
    return new Refusal('purpose_not_granted', facts);
  if (!isWithin('tlp', handling.tlp, grant.handling_ceiling.tlp)) return new Refusal('tlp_above_ceiling', facts);
  const { level } = handling.classification;
  if (!isWithin('classification-level', level, grant.handling_ceiling.classification)) {
    return new Refusal('classification_above_ceiling', { ...facts, marking: level });
  }
  const foreign = parts.find(({ dataClass }) => dataClass === 'P2' || !grant.classes.includes(dataClass));
  if (grant.classes.length === 0 || foreign !== undefined) {
    return new Refusal('class_not_granted_to_us', { ...facts, dataClass: foreign?.dataClass ?? ('N0' satisfies DataClass) });
  }
  const terms = strictestTerms(release, handling, grant, consent);
  if (terms.retain_until <= now) return new Refusal('terms_run_out', facts);
  return { agreement: { id: signed.agreement.id, version: signed.agreement.version, digest: signed.digest }, terms };
}

/** The sender may be stricter than the agreement, never laxer. */
function strictestTerms(
  { iat, purposes, retain_until, onward, transfer_basis, reply_by, readers }: Arrival['release'],
  handling: Handling,
  grant: Grant,
  consent: OnwardConsent | undefined,
): Terms {
  return {
    purposes,
    retain_until: Math.min(retain_until, retainUntil(iat, grant, handling), consent?.retainUntil ?? Number.POSITIVE_INFINITY),
    onward: strictestOnward(onward, grant.onward, onwardOfHandling(handling)),
    transfer_basis,
    ...(reply_by === undefined ? {} : { reply_by }),
    ...(readers === undefined ? {} : { readers }),
  };
}
