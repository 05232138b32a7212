import { codeList } from '@entente/statement';
import legalForms from '../../data/legal-forms.json' with { type: 'json' };

export type PartyKind = 'LEGAL' | 'NATURAL' | 'UNKNOWN';

const forms: ReadonlySet<string> = new Set(legalForms.codes);
const capitalForms: ReadonlyMap<string, string> = new Map(legalForms.codes.map((form) => [form.toUpperCase(), form]));
const markers: ReadonlySet<string> = new Set(codeList('personal-name-marker').codes.map((entry) => entry.code.toLowerCase()));

/**
 * Legal or natural person, as far as the declaration shows it: a form of address shows a person, a legal form or an EORI a business. All else is
 * unknown, and a party of unknown kind is treated as a person. An EORI does not outweigh a form of address, for sole traders have one.
 */
export function partyKindOf(name: string | undefined, number: string | undefined): PartyKind {
  const words = (name ?? '').split(/\s+/).map((word) => word.replace(/[.,;()]/g, ''));
  if (namesPerson(name)) return 'NATURAL';
  if (words.slice(1).some((word) => isLegalForm(word, name ?? ''))) return 'LEGAL';
  return number !== undefined && isEori(number) ? 'LEGAL' : 'UNKNOWN';
}

/** Whether a text holds a form of address before a word, such as `Ms` or `Herr`. */
export function namesPerson(text: string | undefined): boolean {
  const words = (text ?? '').split(/[\s.]+/);
  return words.some(
    (word, index) => markers.has(word.toLowerCase().replace(/[,;:()]/g, '')) && words[index + 1] !== undefined && words[index + 1] !== '',
  );
}

export function isEori(number: string): boolean {
  return /^[A-Z]{2}[A-Z0-9]{1,15}$/.test(number);
}

function isLegalForm(word: string, name: string): boolean {
  if (name !== name.toUpperCase()) return forms.has(word);
  const form = capitalForms.get(word);
  return form !== undefined && form.length > 2;
}
