import { type Json, own } from './json.js';

/**
 * What a field tells, and so to whom it may go: N0 non-nominal; N1 businesses, vessels, documents; C1 commercial or licensing secrecy;
 * P1 personal data; J1 judicially restricted; P2 special categories (never accepted). In order of strictness.
 */
export const dataClasses = ['N0', 'N1', 'C1', 'P1', 'J1', 'P2'] as const;
export type DataClass = (typeof dataClasses)[number];

/** The class is told by a code beside the field: the company's name is N1, the person's P1. */
export interface ClassByMember {
  by: string;
  map: Readonly<Record<string, DataClass>>;
  otherwise: DataClass;
}
/** The class of a list is the strictest that its items name in the member `strictest`. */
export interface ClassOfItems {
  strictest: string;
  otherwise: DataClass;
}
export type ClassRule = DataClass | ClassByMember | ClassOfItems;

export const isDataClass = (value: unknown): value is DataClass => dataClasses.includes(value as DataClass);

export function strictest(classes: readonly DataClass[]): DataClass | undefined {
  return dataClasses.findLast((c) => classes.includes(c));
}

/** @param beside the object that the field stands in; @param value the field's own value. Unknown codes give the strict answer of the rule. */
export function classOf(rule: ClassRule, beside: unknown, value?: Json): DataClass {
  if (typeof rule === 'string') return rule;
  if ('by' in rule) {
    const code = own(beside, rule.by);
    return typeof code === 'string' && Object.hasOwn(rule.map, code) ? rule.map[code]! : rule.otherwise;
  }
  if (!Array.isArray(value) || value.length === 0) return rule.otherwise;
  const named = value.map((item) => own(item, rule.strictest));
  return named.every(isDataClass) ? strictest(named)! : rule.otherwise;
}

/** Every class that a rule can give, in order of strictness. */
export function possibleClasses(rule: ClassRule): DataClass[] {
  if (typeof rule === 'string') return [rule];
  if ('strictest' in rule) return [...dataClasses];
  const found = new Set([...Object.values(rule.map), rule.otherwise]);
  return dataClasses.filter((c) => found.has(c));
}
