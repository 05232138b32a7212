import { codeList } from '../code-lists.js';
import { classOf } from '../data-class.js';
import { isObject, type JsonObject, own } from '../json.js';
import { finding } from '../validation/finding.js';
import { objectsIn } from './objects-in.js';
import type { Rule } from './rule.js';

const markers = new Set(codeList('personal-name-marker').codes.map((c) => c.code.toLowerCase()));
const email = /[^\s@]{1,64}@[^\s@.]{1,63}\.[^\s@]{1,63}/u;

/** Free text that goes out as non-nominal is looked through for persons, so that the author thinks again before release. */
export const noNamesInFreeText: Rule = {
  id: 'V15',
  atReceipt: false,
  check({ body, visits }) {
    const known = personsNamed(body);
    return visits.flatMap(({ node, value, beside, pointer }) => {
      if (node['x-text'] !== true || typeof value !== 'string') return [];
      if (classOf(node['x-class']!, isObject(beside) ? beside : body) !== 'N0') return [];
      return tellsOfPerson(value, known) ? [finding('V15', 'warn', pointer, 'person')] : [];
    });
  },
};

function tellsOfPerson(text: string, known: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return known.some((name) => lower.includes(name)) || email.test(text) || announced(text);
}

/** `Mr Jansen`, `Frau Muster`: a form of address before a capital letter. */
function announced(text: string): boolean {
  const words = text.split(/[\s,;:()]+/u);
  return words.some((word, i) => markers.has(word.replace(/\.$/, '').toLowerCase()) && /^\p{Lu}/u.test(words[i + 1] ?? ''));
}

/** Names of natural persons among the parties, from four letters on, in lower case. */
function personsNamed(body: JsonObject): string[] {
  const persons = objectsIn(body, 'parties').filter(({ value }) => value.party_kind === 'NATURAL');
  const names = persons.flatMap(({ value }) => own(value, 'names') ?? []).map((name) => own(name, 'value'));
  return names.filter((name): name is string => typeof name === 'string' && name.length >= 4).map((name) => name.toLowerCase());
}
