import { compact } from './identifiers/schemes.js';
import type { JsonObject } from './json.js';
import type { Kind } from './kinds/kind.js';
import { named, walk } from './schema/walk.js';

export interface SearchTerm {
  field: string;
  value: string;
}
type Normalise = (value: string) => string[];

/** NFKC, lower case, letters and digits; one-letter words find nothing. */
const words: Normalise = (value) =>
  [
    ...value
      .normalize('NFKC')
      .toLowerCase()
      .matchAll(/[\p{L}\p{M}\p{N}]+/gu),
  ]
    .map(([word]) => word.slice(0, 60))
    .filter((word) => word.length > 1);
const identifier: Normalise = (value) => [
  compact(value)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase(),
];
const code: Normalise = (value) => [compact(value)];
const exact: Normalise = (value) => [value.normalize('NFKC').trim().toLowerCase()];
/** Found by chapter, heading and subheading. */
const tariff: Normalise = (value) => [2, 4, 6].filter((n) => n <= value.length).map((n) => value.slice(0, n));
/** Found by the entry and by the item that it belongs to. */
const controlEntry: Normalise = (value) => [...new Set([compact(value).split('.')[0]!, compact(value)])];
const day: Normalise = (value) => [value.slice(0, 10)];
const phone: Normalise = (value) => [value.replace(/\D/g, '')];

/** Every search field and how its values are written in keyed tokens. A question is normalised in the same way. */
const searchFields: Readonly<Record<string, Normalise>> = {
  ...each(words, ['word', 'name', 'vessel', 'place']),
  ...each(identifier, [
    'container',
    'imo',
    'mmsi',
    'lei',
    'mrn',
    'air_waybill',
    'bill_of_lading',
    'consignment_note',
    'postal_item',
    'plate',
  ]),
  ...each(identifier, ['vin', 'seal', 'serial', 'aircraft', 'flight', 'call_sign', 'scac', 'document', 'account', 'iban', 'bic', 'cas']),
  ...each(identifier, ['eori', 'vat', 'tax_number', 'registration', 'duns', 'passport', 'national_id', 'sanction_entry', 'imo_company']),
  ...each(identifier, ['un_number', 'reference', 'case_ref', 'postcode', 'document_code']),
  ...each(code, ['country', 'flag', 'nationality', 'locode', 'campaign_key', 'party_role', 'document_type', 'event']),
  ...each(code, [
    'red_flag',
    'action',
    'alert_kind',
    'offence',
    'urgency',
    'match_level',
    'matched_on',
    'consent_kind',
    'consent_decision',
  ]),
  ...each(exact, ['email', 'website', 'messenger', 'birth_date']),
  ...each(tariff, ['hs']),
  ...each(controlEntry, ['control_entry']),
  ...each(day, ['day']),
  ...each(phone, ['phone']),
};

function each(normalise: Normalise, fields: readonly string[]): Record<string, Normalise> {
  return Object.fromEntries(fields.map((field) => [field, normalise]));
}

export const searchFieldNames: readonly string[] = Object.keys(searchFields);

/** The terms that a value has under a field, as tokens are made of them; none for a field that nobody searches. The last is the narrowest. */
export function normaliseTerm(field: string, value: string): string[] {
  return Object.hasOwn(searchFields, field) ? searchFields[field]!(value).filter((term) => term !== '') : [];
}

/** What a body can be found by, each term once: normalised identifiers, words, codes, places, days. */
export function searchTerms(kind: Kind, body: JsonObject): SearchTerm[] {
  const found = new Map<string, SearchTerm>();
  for (const { node, value, beside } of walk(kind.body, body)) {
    const field = named(node['x-search'], 'search', beside);
    if (field === undefined || typeof value !== 'string') continue;
    for (const term of normaliseTerm(field, value)) found.set(`${field} ${term}`, { field, value: term });
  }
  return [...found.values()];
}
