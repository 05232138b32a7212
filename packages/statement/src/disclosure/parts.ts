import { type ClassRule, classOf, type DataClass, dataClasses, possibleClasses } from '../data-class.js';
import { StatementError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import { itemsOf, memberOf, membersOf } from '../schema/annotate.js';
import type { Annotated } from '../schema/members.js';

/** A unit of disclosure: `/body/title`, `/body/goods`, `/body/goods/0`, `/body/goods/0/C1`, `/rel/0`. */
export interface Part {
  pointer: string;
  dataClass: DataClass;
}

/** The schema of the elements, where the member is a list whose elements are disclosed one by one. */
export function elementOf(member: Annotated): Annotated | undefined {
  return member['x-disclose'] === 'elements' ? itemsOf(member) : undefined;
}

export function bodyMember(kind: Kind, name: string): Annotated | undefined {
  return memberOf(kind.body, name);
}

/** The class of one member of an object, given the whole object. */
export function memberClass(schema: Annotated, object: Json, name: string, value?: Json): DataClass | undefined {
  const member = memberOf(schema, name);
  return member && classOf(member['x-class']!, object, value);
}

/** How many classes beside an element's own its schema can hold: the places for its groups, the same for every element. */
export function groupSlots(element: Annotated): number {
  const counted = slotsOf.get(element);
  if (counted !== undefined) return counted;
  const rules: ClassRule[] = [element['x-class']!, ...Object.values(membersOf(element)).map((p) => p['x-class']!)];
  const slots = new Set(rules.flatMap(possibleClasses)).size - 1;
  slotsOf.set(element, slots);
  return slots;
}
const slotsOf = new WeakMap<Annotated, number>();

export interface Split {
  own: DataClass;
  open: JsonObject;
  groups: [DataClass, JsonObject][];
}

/** The members of an element: those of its own class, and one group for each other class. */
export function splitByClass(element: Annotated, value: JsonObject): Split {
  const own = classOf(element['x-class']!, value);
  const byClass = new Map<DataClass, [string, Json][]>();
  for (const [name, inner] of Object.entries(value)) {
    const found = memberClass(element, value, name, inner);
    if (found === undefined) throw new StatementError('unknown_member', name);
    byClass.set(found, [...(byClass.get(found) ?? []), [name, inner]]);
  }
  const objects = dataClasses.filter((c) => byClass.has(c)).map((c): [DataClass, JsonObject] => [c, Object.fromEntries(byClass.get(c)!)]);
  return { own, open: objects.find(([c]) => c === own)?.[1] ?? {}, groups: objects.filter(([c]) => c !== own) };
}

export const isElementList = (value: Json): value is JsonObject[] => Array.isArray(value) && value.every(isObject);
