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

  /** What holds no digests comes back as it is: most of a statement does, and copying it would cost as much as reading it. */
  object(object: JsonObject, pointer: string, depth: number): JsonObject {
    if (depth > maximumDepth) throw new SealError('too_deep');
    let revealed = object;
    for (const name of Object.keys(object)) {
      if (reservedNames.has(name) && name !== digestsMember) throw new SealError('reserved_name', pointer);
      const value = object[name]!;
      if (typeof value !== 'object' || value === null || name === digestsMember) continue;
      const inside = this.#value(value, `${pointer}/${token(name)}`, depth + 1);
      if (inside === value) continue;
      if (revealed === object) revealed = { ...object };
      revealed[name] = inside;
    }
    if (!Object.hasOwn(object, digestsMember)) return revealed;
    const { [digestsMember]: digests, ...open } = revealed;
    this.#members(digests!, open, pointer, depth);
    return open;
  }

  array(array: Json[], pointer: string, depth: number): Json[] {
    if (depth > maximumDepth) throw new SealError('too_deep');
    const revealed: Json[] = [];
    let same = true;
    for (const entry of array) {
      const value = isObject(entry) && Object.hasOwn(entry, digestElement) ? this.#element(entry, pointer, revealed.length) : entry;
      if (value !== undefined) revealed.push(this.#value(value, `${pointer}/${revealed.length}`, depth + 1));
      same &&= value !== undefined && revealed.at(-1) === entry;
    }
    return same ? array : revealed;
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

  #element(place: JsonObject, pointer: string, index: number): Json | undefined {
    if (Object.keys(place).length !== 1) throw new SealError('reserved_name', pointer);
    return this.#take(place[digestElement], `${pointer}/${index}`, 2)?.[1];
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
