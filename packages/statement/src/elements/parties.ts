import type { ClassByMember } from '../data-class.js';
import {
  classed,
  code,
  codes,
  country,
  day,
  decimal,
  elements,
  flag,
  handle,
  identifier,
  language,
  list,
  matching,
  optional,
  record,
  script,
  text,
  time,
} from '../schema/members.js';

/** Who is told about: a person's data are P1, those of a company, a state or a vessel's operator N1. In doubt it is a person. */
export const byPartyKind = (member: string, business: 'N1' | 'C1'): ClassByMember => ({
  by: member,
  map: { LEGAL: business, GOVERNMENT: business, VESSEL_OPERATOR: business, NATURAL: 'P1' },
  otherwise: 'P1',
});

const name = record({
  value: text(200, { 'x-search': 'name' }),
  script: optional(script()),
  language: optional(language()),
  type: code('name-type'),
  standard: optional(text(40)),
});
/** Format and check digits are checked and flagged, never enforced (the scheme says how). */
const bySchemeOf = { by: 'scheme', list: 'identifier-scheme' };
const partyIdentifier = record({
  scheme: code('identifier-scheme'),
  value: identifier({ 'x-check': bySchemeOf, 'x-search': bySchemeOf }),
  value_as_seen: optional(text(120)),
  issuer_country: optional(country()),
  list: optional(code('sanctions-list')),
  valid: optional(flag()),
});
const address = record({
  lines: optional(list(text(200), 6)),
  city: optional(text(120, { 'x-search': 'place' })),
  region: optional(matching('^[A-Z]{2}-[A-Z0-9]{1,3}$', 6)),
  postcode: optional(identifier({ 'x-search': 'postcode' }, 20)),
  country: optional(country()),
  type: optional(code('address-type')),
  since: optional(day()),
});
const contact = record({ type: code('contact-type'), value: text(200, { 'x-search': { by: 'type', list: 'contact-type' } }) });
const partialDate = record({
  value: matching('^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$', 10, { 'x-search': 'birth_date' }),
  precision: code('date-precision'),
});
const listedStatus = record({
  list: code('sanctions-list'),
  entry_id: identifier({ 'x-search': 'sanction_entry' }),
  checked_at: optional(time()),
  match_type: code('listed-match'),
});
const ownership = record({
  owner_party_id: handle('P'),
  pct: optional(decimal()),
  control_type: optional(code('control-type')),
});

/** Parties with their roles. What only natural persons have is P1 whatever the kind says. */
export const parties = elements(
  classed(
    byPartyKind('party_kind', 'N1'),
    record({
      id: handle('P'),
      party_kind: code('party-kind'),
      roles: codes('party-role', 20, { 'x-search': 'party_role' }),
      names: list(name, 20),
      identifiers: optional(list(partyIdentifier, 30)),
      addresses: optional(list(address, 20)),
      contacts: optional(list(contact, 20)),
      listed_status: optional(list(listedStatus, 20)),
      ownership: optional(list(ownership, 50)),
      confidence: code('confidence'),
      birth: optional(classed('P1', record({ date: optional(partialDate), place: optional(text(120)), country: optional(country()) }))),
      nationalities: optional(classed('P1', codes('country', 10, { 'x-search': 'nationality' }))),
      sex: optional(classed('P1', code('sex'))),
      subject_category: optional(classed('P1', code('subject-category'))),
      fact_or_assessment: optional(classed('P1', code('fact-or-assessment'))),
    }),
  ),
  100,
);
