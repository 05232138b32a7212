import { SealError } from '../errors.js';

export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };
export type JsonObject = { [member: string]: Json };

/** How deep anything signed or received may nest (docs/protocol.md 3). */
export const maximumDepth = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Reads JSON that two readers cannot understand differently (docs/protocol.md 1): no member twice, no
 * lone surrogates, integers within 2^53 written without fraction or exponent, at most 16 levels.
 *
 * JSON.parse keeps the last of two equal members silently. So the members written are counted in one
 * scan of the text and those that came out in one walk of the value: fewer means that one was swallowed,
 * however its name was escaped.
 */
export function parseStrict(text: string): Json {
  const { members, escapes, integers } = scanStrict(text);
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SealError('malformed', 'not JSON');
  }
  if (!integers) throw new SealError('bad_number');
  if (escapes && !wellFormed(value)) throw new SealError('lone_surrogate');
  if (members > 0 && membersOf(value) !== members) throw new SealError('duplicate_member');
  return value;
}

/** As parseStrict, for a text that must be one object. */
export function parseStrictObject(text: string): JsonObject {
  const value = parseStrict(text);
  if (!isObject(value)) throw new SealError('malformed', 'not a JSON object');
  return value;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Writes what will be signed, and refuses what a strict reader would refuse. */
export function writeStrict(value: Json | object): string {
  const text = JSON.stringify(value);
  const { escapes, integers } = scanStrict(text);
  if (!integers) throw new SealError('bad_number');
  // JSON.stringify writes a lone surrogate as an escape; other escapes are rare enough to look again.
  if (escapes && !wellFormed(JSON.parse(text))) throw new SealError('lone_surrogate');
  return text;
}

/** What a parsed value no longer tells. A text that is not JSON is left to JSON.parse. */
interface Scan {
  /** members written */
  members: number;
  /** a string has an escape */
  escapes: boolean;
  /** every number is written as an integer within 2^53 */
  integers: boolean;
}

function scanStrict(text: string): Scan {
  if (!isWellFormed(text)) throw new SealError('lone_surrogate');
  const escapes = text.includes('\\');
  let members = 0;
  let depth = 0;
  let integers = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      let end = text.indexOf('"', at + 1);
      while (end !== -1 && text.charCodeAt(end - 1) === BACKSLASH && isEscaped(text, end)) end = text.indexOf('"', end + 1);
      if (end === -1) break;
      at = end;
    } else if (code === COLON) members++;
    // { and [ differ by one bit from } and ]: 0x7b 0x5b open, 0x7d 0x5d close.
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > maximumDepth) throw new SealError('too_deep');
    } else if (code === 0x7d || code === 0x5d) depth--;
    else if (code === MINUS || isDigit(code)) {
      const end = endOfDigits(text, at);
      integers &&= isInteger(text, at, end);
      at = end - 1;
    }
  }
  return { members, escapes, integers };
}

/** A quote is escaped when an odd number of backslashes stands before it. */
function isEscaped(text: string, quote: number): boolean {
  let first = quote - 1;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
}

function endOfDigits(text: string, start: number): number {
  let end = start + 1;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** `1`, `1.0` and `1e0` are one number for JSON.parse and three texts for a signature: only the first passes. */
function isInteger(text: string, start: number, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next === 0x2e || next === 0x65 || next === 0x45) return false;
  if (text.charCodeAt(start) === MINUS && text.charCodeAt(start + 1) === ZERO) return false;
  return end - start <= 15 || Number.isSafeInteger(Number(text.slice(start, end)));
}

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

function membersOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') members += membersOf(item);
    return members;
  }
  // for...in makes no list of names; what a polluted prototype added would be counted too, and the text refused
  for (const name in value) {
    members++;
    const item = value[name]!;
    if (typeof item === 'object') members += membersOf(item);
  }
  return members;
}

// String.prototype.isWellFormed (ES2024) is in every runtime we support and not yet in the ES2023 types.
const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed();

function wellFormed(value: Json): boolean {
  if (typeof value === 'string') return isWellFormed(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(wellFormed);
  return Object.entries(value).every(([name, item]) => wellFormed(name) && wellFormed(item));
}
