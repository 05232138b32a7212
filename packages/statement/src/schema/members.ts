import { type TObject, type TProperties, type TSchema, Type } from 'typebox';
import type { ClassRule } from '../data-class.js';

/**
 * The vocabulary in which kinds are written. Sizes are limited everywhere, objects are closed, and each member may carry:
 * `x-class` data class or rule; `x-list` code list; `x-label` key of the text catalogue; `x-text` free text, read by people;
 * `x-search` search field; `x-check` identifier check; `x-disclose: elements` for a list whose elements are disclosed one by one.
 */
export interface Notes {
  'x-class'?: ClassRule;
  'x-list'?: string;
  'x-label'?: string;
  'x-text'?: true;
  'x-search'?: string | ByScheme;
  'x-check'?: string | ByScheme;
  'x-disclose'?: 'elements';
}
/** The code in the member `by` beside, an entry of `list`, tells the name in its property `search` or `check`. */
export interface ByScheme {
  by: string;
  list: string;
}
export type Annotated = TSchema & Notes;

/** No control characters, no line breaks. */
const line = '^\\P{Cc}+$';
/** Line breaks and tabs are welcome in prose, other control characters are not. */
const prose = '^[\\P{Cc}\\n\\t]+$';
const utc = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?Z$';

export const optional = Type.Optional;

/** A closed object: names that the schema does not know are refused, `__proto__` and `constructor` like any other. */
export function record<P extends TProperties>(properties: P, more: Record<string, unknown> = {}): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...more });
}
export const list = <T extends TSchema>(items: T, maxItems: number, more: Record<string, unknown> = {}) =>
  Type.Array(items, { minItems: 1, maxItems, ...more });
/** The elements of a list are units of disclosure. */
export const elements = <T extends TSchema>(items: T, maxItems: number) => list(items, maxItems, { 'x-disclose': 'elements' });

export const text = (maxLength: number, notes: Notes = {}) =>
  Type.String({ minLength: 1, maxLength, pattern: maxLength > 500 ? prose : line, 'x-text': true, ...notes });
/** What stands on a document, as it stands there: never refused for its form, for a wrong number is intelligence too. */
export const identifier = (notes: Notes = {}, maxLength = 64) => Type.String({ minLength: 1, maxLength, pattern: line, ...notes });
export const matching = (pattern: string, maxLength: number, notes: Notes = {}) => Type.String({ maxLength, pattern, ...notes });
export const code = (listId: string, notes: Notes = {}) => Type.String({ minLength: 1, maxLength: 40, 'x-list': listId, ...notes });
export const codes = (listId: string, maxItems: number, notes: Notes = {}) => list(code(listId, notes), maxItems, { uniqueItems: true });
export const country = (notes: Notes = {}) => code('country', { 'x-search': 'country', ...notes });
export const flag = () => Type.Boolean();
export const whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });

/** RFC 3339 in UTC, e.g. `2026-03-02T09:05:00Z`. */
export const time = (notes: Notes = {}) => Type.String({ format: 'date-time', pattern: utc, maxLength: 27, ...notes });
export const day = (notes: Notes = {}) => Type.String({ format: 'date', maxLength: 10, ...notes });
/** Numeric date of RFC 7519 section 2: seconds since 1970. */
export const numericDate = () => Type.Integer({ minimum: 0, maximum: 253402300799 });

/** Decimals are strings: a signed number must have one spelling. */
export const decimal = () => matching('^(0|[1-9][0-9]{0,17})(\\.[0-9]{1,9})?$', 28);
export const quantity = () => matching('^(?!0(\\.0*)?$)(0|[1-9][0-9]{0,17})(\\.[0-9]{1,9})?$', 28);
export const latitude = () => matching('^-?([0-8]?[0-9](\\.[0-9]{1,7})?|90(\\.0{1,7})?)$', 11);
export const longitude = () => matching('^-?((1[0-7][0-9]|[0-9]{1,2})(\\.[0-9]{1,7})?|180(\\.0{1,7})?)$', 12);
/** UN/LOCODE without the space. */
export const locode = () => matching('^[A-Z]{2}[A-Z2-9]{3}$', 5, { 'x-search': 'locode' });
/** Name of an element within its statement, e.g. `G1`; references use it, never an index. */
export const handle = (letter: string) => matching(`^${letter}[1-9][0-9]{0,3}$`, 5);
/** SHA-256 as base64url. */
export const digest = () => matching('^[A-Za-z0-9_-]{43}$', 43);
export const nodeId = () => Type.String({ format: 'uri', pattern: '^https://[^?#]+$', maxLength: 255 });
/** BCP 47, as far as languages and scripts are told apart. */
export const language = () => matching('^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$', 12);
export const script = () => matching('^[A-Z][a-z]{3}$', 4);

/** Gives a member a class of its own. */
export function classed<T extends TSchema>(rule: ClassRule, schema: T): T {
  return Object.assign(schema, { 'x-class': rule });
}
