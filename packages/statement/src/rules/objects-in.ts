import { isObject, type JsonObject, own } from '../json.js';

/** The objects of a list in the body, with their places. */
export function objectsIn(body: JsonObject, member: string): { value: JsonObject; pointer: string }[] {
  const list = own(body, member);
  if (!Array.isArray(list)) return [];
  return list.flatMap((value, i) => (isObject(value) ? [{ value, pointer: `/body/${member}/${i}` }] : []));
}
