import { digestOf } from '#bytes';
import { SealError } from '../errors.js';
import { canonicalText, isDigest } from '../identity/canonical.js';
import type { Digest } from '../identity/keys.js';
import { isObject, type Json, type JsonObject, maximumDepth, parseStrict } from '../identity/strict-json.js';
import { digestElement, digestsMember, maximumDisclosureBytes, maximumDisclosures, reservedNames } from './digests.js';

export interface Disclosed {
  text: string;
  digest: Digest;
  pointer: string;
}

/**
 * The processing of RFC 9901 7.1 step 3: each disclosure goes where its digest stands, and nowhere else. What
 * the signature does not cover has no place; what has no place is refused.
 */
export class Revealer {
  readonly #waiting = new Map<Digest, string>();
  /** every digest met so far, decoys too */
  readonly #met = new Set<Digest>();
  readonly #disclosed: Disclosed[] = [];

  constructor(disclosures: readonly string[]) {
    if (disclosures.length > maximumDisclosures) throw new SealError('too_large', 'disclosures');
    let bytes = 0;
    for (const text of disclosures) {
      bytes += text.length;
      if (bytes > maximumDisclosureBytes) throw new SealError('too_large', 'disclosures');
      const digest = digestOf(text);
      if (this.#waiting.has(digest)) throw new SealError('duplicate_disclosure');
      this.#waiting.set(digest, text);
    }
  }

  object(object: JsonObject, pointer: string, depth: number): JsonObject {
    if (depth > maximumDepth) throw new SealError('too_deep');
    const revealed: JsonObject = {};
    for (const name of Object.keys(object)) {
      if (name === digestsMember) continue;
      if (reservedNames.has(name)) throw new SealError('reserved_name', pointer);
      revealed[name] = this.#value(object[name]!, `${pointer}/${token(name)}`, depth + 1);
    }
    if (Object.hasOwn(object, digestsMember)) this.#members(object[digestsMember]!, revealed, pointer, depth);
    return revealed;
  }

  array(array: Json[], pointer: string, depth: number): Json[] {
    if (depth > maximumDepth) throw new SealError('too_deep');
    const revealed: Json[] = [];
    for (const entry of array) {
      const place = `${pointer}/${revealed.length}`;
      if (!isObject(entry) || !Object.hasOwn(entry, digestElement)) {
        revealed.push(this.#value(entry, place, depth + 1));
        continue;
      }
      if (Object.keys(entry).length !== 1) throw new SealError('reserved_name', pointer);
      const parts = this.#take(entry[digestElement], place, 2);
      if (parts !== undefined) revealed.push(this.#value(parts[1]!, place, depth + 1));
    }
    return revealed;
  }

  /** @throws SealError unreferenced_disclosure when one had no place */
  finish(): Disclosed[] {
    if (this.#waiting.size > 0) throw new SealError('unreferenced_disclosure');
    return this.#disclosed;
  }

  #members(digests: Json, revealed: JsonObject, pointer: string, depth: number): void {
    if (!Array.isArray(digests)) throw new SealError('malformed', digestsMember);
    for (const digest of digests) {
      const at = this.#disclosed.length;
      const parts = this.#take(digest, pointer, 3);
      if (parts === undefined) continue;
      const name = parts[1];
      if (typeof name !== 'string') throw new SealError('bad_disclosure');
      if (reservedNames.has(name)) throw new SealError('reserved_name', pointer);
      if (Object.hasOwn(revealed, name)) throw new SealError('name_taken', pointer);
      const place = `${pointer}/${token(name)}`;
      this.#disclosed[at]!.pointer = place;
      revealed[name] = this.#value(parts[2]!, place, depth + 1);
    }
  }

  #value(value: Json, pointer: string, depth: number): Json {
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value) ? this.array(value, pointer, depth) : this.object(value, pointer, depth);
  }

  /** The disclosure of a digest, or undefined when it was withheld or is a decoy: the two cannot be told apart. */
  #take(digest: Json | undefined, pointer: string, length: 2 | 3): Json[] | undefined {
    if (!isDigest(digest)) throw new SealError('malformed', 'digest');
    if (this.#met.has(digest)) throw new SealError('duplicate_digest');
    this.#met.add(digest);
    const text = this.#waiting.get(digest);
    if (text === undefined) return undefined;
    this.#waiting.delete(digest);
    const parts = parseStrict(canonicalText(text));
    if (!Array.isArray(parts) || parts.length !== length || typeof parts[0] !== 'string') throw new SealError('bad_disclosure');
    this.#disclosed.push({ text, digest, pointer });
    return parts;
  }
}

/** RFC 6901 3. */
const token = (name: string): string =>
  name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;
