import { SealError } from '../errors.js';
import { isDigest } from './canonical.js';
import { isObject, type Json, type JsonObject } from './strict-json.js';

/** Checks of claims, each naming the claim it refuses. The text of a claim never enters an error. */
export type Check<T extends Json> = (value: Json | undefined) => value is T;

export const isText: Check<string> = (value): value is string => typeof value === 'string' && value.length > 0;
export const isFlag: Check<boolean> = (value): value is boolean => typeof value === 'boolean';
export const isRecord: Check<JsonObject> = (value): value is JsonObject => isObject(value);
export const isList: Check<Json[]> = (value): value is Json[] => Array.isArray(value);
export const isTexts: Check<string[]> = (value): value is string[] => Array.isArray(value) && value.every(isText);
export const isDigestClaim: Check<string> = (value): value is string => isDigest(value);
/** A count or a NumericDate (RFC 7519 2), in whole seconds. */
export const isCount: Check<number> = (value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
/** A node's name: an https URL without query, fragment, user or default port, in the one spelling that a URL parser gives it. */
export const isEntityId: Check<string> = (value): value is string => typeof value === 'string' && entityForm.test(value);
export const isUuidUrn: Check<string> = (value): value is string => typeof value === 'string' && uuidUrnForm.test(value);
/** A code of this project or of a code list: letters, digits and the marks used in them. */
export const isCode: Check<string> = (value): value is string => typeof value === 'string' && codeForm.test(value);

export const oneOf =
  <T extends string>(...values: T[]) =>
  (value: Json | undefined): value is T =>
    (values as (Json | undefined)[]).includes(value);

export const exactly =
  <T extends string>(expected: T) =>
  (value: Json | undefined): value is T =>
    value === expected;

const entityForm = /^https:\/\/[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[1-9][0-9]{0,4})?(?:\/[A-Za-z0-9._~-]+)*$/;
const uuidUrnForm = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const codeForm = /^[A-Za-z0-9][A-Za-z0-9_.:+-]{0,63}$/;

type Checks = Record<string, (value: Json | undefined) => boolean>;
type Checked<C> = { [K in keyof C]: C[K] extends Check<infer T> ? T : never };

/**
 * The claims of an object: all of `required`, any of `optional`, nothing else.
 *
 * @throws SealError bad_claims, naming the first claim that is missing, unknown or of the wrong form
 */
export function readClaims<R extends Checks, O extends Checks = Record<never, never>>(
  claims: Json | undefined,
  required: R,
  optional: O = {} as O,
): Checked<R> & Partial<Checked<O>> {
  if (!isObject(claims)) throw new SealError('bad_claims', 'not an object');
  for (const name in required) if (!required[name]!(claims[name])) throw new SealError('bad_claims', name);
  for (const name of Object.keys(claims)) {
    if (Object.hasOwn(required, name)) continue;
    if (!Object.hasOwn(optional, name) || !optional[name]!(claims[name])) throw new SealError('bad_claims', name);
  }
  return claims as Checked<R> & Partial<Checked<O>>;
}
