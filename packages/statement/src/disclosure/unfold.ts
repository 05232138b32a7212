import { classOf, type DataClass, isDataClass } from '../data-class.js';
import { StatementError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import type { Annotated } from '../schema/members.js';
import { bodyMember, elementOf, memberClass } from './parts.js';

/**
 * Merges the disclosure groups of a folded body (`{"id":"G1", "C1":{"value":"1"}}`) back into their elements. Attacker-controlled: what
 * the kind does not know stays as it is, for the validator to refuse.
 * @throws StatementError `bad_group` if a member stands in a group of another class, outside its group, or twice; `bad_body`
 */
export function unfold(kind: Kind, folded: Json): JsonObject {
  if (!isObject(folded)) throw new StatementError('bad_body', 'the body is no object');
  return mapped(folded, (name, value) => {
    const member = bodyMember(kind, name);
    const element = member && elementOf(member);
    if (!element || !Array.isArray(value)) return value;
    return value.map((item) => (isObject(item) ? unfoldElement(element, item) : item));
  });
}

function unfoldElement(element: Annotated, folded: JsonObject): JsonObject {
  const open = Object.entries(folded).filter(([name]) => !isDataClass(name));
  const groups = Object.entries(folded).filter((entry): entry is [DataClass, Json] => isDataClass(entry[0]));
  const own = classOf(element['x-class']!, Object.fromEntries(open));
  const merged = [...open];
  for (const [dataClass, group] of groups) {
    if (!isObject(group) || dataClass === own) throw new StatementError('bad_group', dataClass);
    merged.push(...Object.entries(group));
  }
  const flat: JsonObject = Object.fromEntries(merged);
  if (Object.keys(flat).length !== merged.length) throw new StatementError('bad_group', 'a member is there twice');
  for (const [name, value] of open) inItsClass(element, flat, name, value, own);
  for (const [dataClass, group] of groups) {
    for (const [name, value] of Object.entries(group as JsonObject)) inItsClass(element, flat, name, value, dataClass, true);
  }
  return flat;
}

/** A member disclosed in the wrong group would pass under a grant that does not cover it. */
function inItsClass(element: Annotated, flat: JsonObject, name: string, value: Json, dataClass: DataClass, grouped = false): void {
  const right = memberClass(element, flat, name, value);
  if (right === undefined ? grouped : right !== dataClass) throw new StatementError('bad_group', `${name} in ${dataClass}`);
}

function mapped(object: JsonObject, change: (name: string, value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(name, value)]));
}
