/** What somebody looks for, as the tokens that it is found by. */
import { normaliseTerm, searchFieldNames } from '@entente/statement';
import type { SearchCondition } from '@entente/store';
import { Type } from 'typebox';
import type { ContentKeys } from '../content-keys.js';
import { Problem } from '../problem.js';
import { closed } from './shapes.js';

const MOST = 5_000;
const value = Type.String({ minLength: 1, maxLength: 200 });
const field = Type.Enum([...searchFieldNames], { description: 'The search field.' });
const list = { minItems: 1, maxItems: MOST };

export const identifiers = Type.Array(Type.Object({ scheme: field, value }, closed), {
  ...list,
  description: 'Written in any way: spaces, hyphens and case do not matter.',
  examples: [[{ scheme: 'container', value: 'DEMU 123456-7' }]],
});
export const words = Type.Array(value, {
  ...list,
  description: 'In names, titles, texts and places. Of an item of several words all must stand in one statement.',
  examples: [['Halcyon', 'carbon fibre']],
});
export const codes = Type.Array(Type.Object({ field, code: value }, closed), {
  ...list,
  description: 'Codes of lists, tariff headings, control entries.',
  examples: [[{ field: 'control_entry', code: '1C210' }]],
});
export const places = Type.Array(value, {
  ...list,
  description: 'UN/LOCODE, ISO 3166 country, or words of the name.',
  examples: [['NLRTM', 'DE']],
});

/** Fields of free text: a word may stand in any of them. */
const textFields = ['word', 'name', 'vessel', 'place'];

export interface Term {
  field: string;
  token: Uint8Array;
}
/** For each part the terms of which one must stand. */
export type Entry = Term[][];

export interface Terms {
  identifiers?: { scheme: string; value: string }[];
  words?: string[];
  codes?: { field: string; code: string }[];
  places?: string[];
}

/** One condition per list; its entries are alternatives. @throws Problem invalid_request for an item of which nothing is left to look for */
export function termReader(content: Pick<ContentKeys, 'token'>) {
  const term = (name: string, text: string): Term => ({ field: name, token: content.token(name, text) });
  const entryOf = (pointer: string, fields: readonly string[], text: string): Entry => {
    const byField = fields.map((name) => ({ name, values: narrowest(name, text) }));
    const longest = [...new Set(byField.flatMap(({ values }) => values))].sort((a, b) => b.length - a.length);
    const free = fields.every((name) => textFields.includes(name));
    const parts = free
      ? longest.map((word) => fields.map((name) => term(name, word)))
      : [byField.flatMap(({ name, values }) => values.map((one) => term(name, one)))];
    if (parts.length === 0 || parts[0]!.length === 0) throw nothingLeft(pointer);
    return parts;
  };

  return {
    entries: (terms: Terms): Record<keyof Terms, Entry[]> => ({
      identifiers: (terms.identifiers ?? []).map((item, i) => entryOf(`/identifiers/${i}/value`, [item.scheme], item.value)),
      words: (terms.words ?? []).map((word, i) => entryOf(`/words/${i}`, textFields, word)),
      codes: (terms.codes ?? []).map((item, i) => entryOf(`/codes/${i}/code`, [item.field], item.code)),
      places: (terms.places ?? []).map((place, i) => entryOf(`/places/${i}`, placeFields(place), place)),
    }),
  };
}

export const conditionsOf = (entries: Record<keyof Terms, Entry[]>): SearchCondition[] =>
  Object.values(entries)
    .filter((list) => list.length > 0)
    .map((list) => list.map((entry) => entry.map((part) => part.map(({ token }) => token))));

/** Words are each by themselves; of other fields the narrowest way to write a value counts. */
function narrowest(field: string, text: string): string[] {
  const terms = normaliseTerm(field, text);
  return textFields.includes(field) ? terms : terms.slice(-1);
}

function placeFields(place: string): string[] {
  if (/^[A-Z]{2}$/.test(place)) return ['country'];
  return /^[A-Z]{2}[A-Z2-9]{3}$/.test(place) ? ['locode'] : ['place'];
}

const nothingLeft = (pointer: string): Problem =>
  new Problem('invalid_request', 'there is nothing in it that could be found', {
    errors: [{ pointer, message: 'holds no word of two letters or more, or no value of this field' }],
  });
