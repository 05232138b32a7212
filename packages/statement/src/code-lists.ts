import action from '../data/action.json' with { type: 'json' };
import addressType from '../data/address-type.json' with { type: 'json' };
import agencyType from '../data/agency-type.json' with { type: 'json' };
import alertKind from '../data/alert-kind.json' with { type: 'json' };
import analystConfidence from '../data/analyst-confidence.json' with { type: 'json' };
import authenticity from '../data/authenticity.json' with { type: 'json' };
import billLevel from '../data/bill-level.json' with { type: 'json' };
import chpl from '../data/chpl.json' with { type: 'json' };
import classificationLevel from '../data/classification-level.json' with { type: 'json' };
import classificationScheme from '../data/classification-scheme.json' with { type: 'json' };
import complianceOutcome from '../data/compliance-outcome.json' with { type: 'json' };
import confidence from '../data/confidence.json' with { type: 'json' };
import consentDecision from '../data/consent-decision.json' with { type: 'json' };
import consentKind from '../data/consent-kind.json' with { type: 'json' };
import contactType from '../data/contact-type.json' with { type: 'json' };
import controlCoherence from '../data/control-coherence.json' with { type: 'json' };
import controlList from '../data/control-list.json' with { type: 'json' };
import controlStatus from '../data/control-status.json' with { type: 'json' };
import controlType from '../data/control-type.json' with { type: 'json' };
import country from '../data/country.json' with { type: 'json' };
import currency from '../data/currency.json' with { type: 'json' };
import dataClass from '../data/data-class.json' with { type: 'json' };
import dataRegime from '../data/data-regime.json' with { type: 'json' };
import datePrecision from '../data/date-precision.json' with { type: 'json' };
import deadline from '../data/deadline.json' with { type: 'json' };
import deathPenaltyAssurance from '../data/death-penalty-assurance.json' with { type: 'json' };
import declarationScheme from '../data/declaration-scheme.json' with { type: 'json' };
import disclosureToPrivateSector from '../data/disclosure-to-private-sector.json' with { type: 'json' };
import disclosureToSubject from '../data/disclosure-to-subject.json' with { type: 'json' };
import documentType from '../data/document-type.json' with { type: 'json' };
import endUseConcern from '../data/end-use-concern.json' with { type: 'json' };
import eventType from '../data/event-type.json' with { type: 'json' };
import factOrAssessment from '../data/fact-or-assessment.json' with { type: 'json' };
import goodsStatus from '../data/goods-status.json' with { type: 'json' };
import gradingAdmiraltyInformation from '../data/grading-admiralty-information.json' with { type: 'json' };
import gradingAdmiraltySource from '../data/grading-admiralty-source.json' with { type: 'json' };
import gradingEuropolInformation from '../data/grading-europol-information.json' with { type: 'json' };
import gradingEuropolSource from '../data/grading-europol-source.json' with { type: 'json' };
import gradingScheme from '../data/grading-scheme.json' with { type: 'json' };
import handlingCode from '../data/handling-code.json' with { type: 'json' };
import hsEdition from '../data/hs-edition.json' with { type: 'json' };
import identifierScheme from '../data/identifier-scheme.json' with { type: 'json' };
import legalInstrument from '../data/legal-instrument.json' with { type: 'json' };
import listedMatch from '../data/listed-match.json' with { type: 'json' };
import matchLevel from '../data/match-level.json' with { type: 'json' };
import matchedOn from '../data/matched-on.json' with { type: 'json' };
import mediaType from '../data/media-type.json' with { type: 'json' };
import nameType from '../data/name-type.json' with { type: 'json' };
import newIdentifier from '../data/new-identifier.json' with { type: 'json' };
import offenceHypothesis from '../data/offence-hypothesis.json' with { type: 'json' };
import officeType from '../data/office-type.json' with { type: 'json' };
import onwardMode from '../data/onward-mode.json' with { type: 'json' };
import packageType from '../data/package-type.json' with { type: 'json' };
import partyKind from '../data/party-kind.json' with { type: 'json' };
import partyRole from '../data/party-role.json' with { type: 'json' };
import personalNameMarker from '../data/personal-name-marker.json' with { type: 'json' };
import precision from '../data/precision.json' with { type: 'json' };
import probability from '../data/probability.json' with { type: 'json' };
import purpose from '../data/purpose.json' with { type: 'json' };
import recallEffect from '../data/recall-effect.json' with { type: 'json' };
import recallReason from '../data/recall-reason.json' with { type: 'json' };
import redFlag from '../data/red-flag.json' with { type: 'json' };
import refusal from '../data/refusal.json' with { type: 'json' };
import relation from '../data/relation.json' with { type: 'json' };
import releaseChecklist from '../data/release-checklist.json' with { type: 'json' };
import retentionClass from '../data/retention-class.json' with { type: 'json' };
import role from '../data/role.json' with { type: 'json' };
import routeFunction from '../data/route-function.json' with { type: 'json' };
import routeStatus from '../data/route-status.json' with { type: 'json' };
import sanctionsList from '../data/sanctions-list.json' with { type: 'json' };
import sex from '../data/sex.json' with { type: 'json' };
import subjectCategory from '../data/subject-category.json' with { type: 'json' };
import subjectChannel from '../data/subject-channel.json' with { type: 'json' };
import subjectIdentity from '../data/subject-identity.json' with { type: 'json' };
import subjectOutcome from '../data/subject-outcome.json' with { type: 'json' };
import subjectRight from '../data/subject-right.json' with { type: 'json' };
import tariffScheme from '../data/tariff-scheme.json' with { type: 'json' };
import tlp from '../data/tlp.json' with { type: 'json' };
import transferBasis from '../data/transfer-basis.json' with { type: 'json' };
import transportMode from '../data/transport-mode.json' with { type: 'json' };
import unit from '../data/unit.json' with { type: 'json' };
import urgency from '../data/urgency.json' with { type: 'json' };
import useInProceedings from '../data/use-in-proceedings.json' with { type: 'json' };
import valueBasis from '../data/value-basis.json' with { type: 'json' };
import warning from '../data/warning.json' with { type: 'json' };
import { StatementError } from './errors.js';
import { isObject, type Json } from './json.js';

/** A list of codes with its edition: data, never code. Dates are `YYYY-MM-DD`; `valid_to` null means in force. */
export interface CodeList {
  id: string;
  title: string;
  edition: string;
  source: string;
  valid_from: string;
  valid_to: string | null;
  note?: string;
  /** the rule that an unknown code breaks, where one is named for it */
  rule?: string;
  /** false: the list names the common codes only, others pass */
  closed?: boolean;
  /** codes made of a prefix and a code of another list, e.g. `NAT-` and a country */
  families?: CodeFamily[];
  codes: Code[];
}
export interface Code {
  code: string;
  label: { en: string };
  [property: string]: Json;
}
export interface CodeFamily {
  prefix: string;
  list: string;
  label: { en: string };
  [property: string]: Json;
}

const all = [
  action,
  addressType,
  agencyType,
  alertKind,
  analystConfidence,
  authenticity,
  billLevel,
  chpl,
  classificationLevel,
  classificationScheme,
  complianceOutcome,
  confidence,
  consentDecision,
  consentKind,
  contactType,
  controlCoherence,
  controlList,
  controlStatus,
  controlType,
  country,
  currency,
  dataClass,
  dataRegime,
  datePrecision,
  deadline,
  deathPenaltyAssurance,
  declarationScheme,
  disclosureToPrivateSector,
  disclosureToSubject,
  documentType,
  endUseConcern,
  eventType,
  factOrAssessment,
  goodsStatus,
  gradingAdmiraltyInformation,
  gradingAdmiraltySource,
  gradingEuropolInformation,
  gradingEuropolSource,
  gradingScheme,
  handlingCode,
  hsEdition,
  identifierScheme,
  legalInstrument,
  listedMatch,
  matchLevel,
  matchedOn,
  mediaType,
  nameType,
  newIdentifier,
  offenceHypothesis,
  officeType,
  onwardMode,
  packageType,
  partyKind,
  partyRole,
  personalNameMarker,
  precision,
  probability,
  purpose,
  recallEffect,
  recallReason,
  redFlag,
  refusal,
  relation,
  releaseChecklist,
  retentionClass,
  role,
  routeFunction,
  routeStatus,
  sanctionsList,
  sex,
  subjectCategory,
  subjectChannel,
  subjectIdentity,
  subjectOutcome,
  subjectRight,
  tariffScheme,
  tlp,
  transferBasis,
  transportMode,
  unit,
  urgency,
  useInProceedings,
  valueBasis,
  warning,
] as unknown as CodeList[];

export const codeLists: ReadonlyMap<string, CodeList> = new Map(all.map((list) => [list.id, list]));
const byCode = new Map(all.map((list) => [list.id, new Map(list.codes.map((code) => [code.code, code]))]));

export function codeList(id: string): CodeList {
  const found = codeLists.get(id);
  if (!found) throw new StatementError('unknown_list', id);
  return found;
}

/** The entry of a code, or the family that it belongs to. Labels and properties are read from it. */
export function codeOf(listId: string, code: string): Code | CodeFamily | undefined {
  const list = codeList(listId);
  return byCode.get(listId)!.get(code) ?? list.families?.find((family) => belongs(family, code));
}

function belongs(family: CodeFamily, code: string): boolean {
  const rest = code.slice(family.prefix.length);
  return code.startsWith(family.prefix) && byCode.get(family.list)!.has(rest);
}

export function isCode(listId: string, code: string): boolean {
  return codeList(listId).closed === false || codeOf(listId, code) !== undefined;
}

/** Every code of a list, families written out: what a form offers and the published schema enumerates. */
export function codesOf(listId: string): string[] {
  const list = codeList(listId);
  const members = (list.families ?? []).flatMap((f) => codesOf(f.list).map((code) => f.prefix + code));
  return [...new Set([...list.codes.map((c) => c.code), ...members])];
}

/** Position in a list that is in order of strictness, e.g. TLP; -1 for an unknown code. */
export function rankOf(listId: string, code: string): number {
  return codeList(listId).codes.findIndex((c) => c.code === code);
}

/** Actions that touch a person's freedom or goods, or watch without his knowledge; a release of one needs a second officer. */
export const coerciveActions: ReadonlySet<string> = new Set(action.codes.filter((a) => a.coercive || a.covert).map((a) => a.code));

/** The label of a code for people; the code itself where it is unknown. */
export function labelOf(listId: string, code: string): string {
  const found = codeOf(listId, code);
  return isObject(found?.label) && typeof found.label.en === 'string' ? found.label.en : code;
}
