/** What signed JSON may hold: no numbers other than integers within 2^53 (docs/protocol.md section 1). */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [member: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of an own member; never one that the prototype lends (`constructor`, `__proto__`). */
export function own(object: unknown, member: string): Json | undefined {
  return isObject(object) && Object.hasOwn(object, member) ? object[member] : undefined;
}

/** A reference token of a JSON pointer, RFC 6901 section 3. */
export function token(member: string | number): string {
  return String(member).replaceAll('~', '~0').replaceAll('/', '~1');
}
