import type { DataClass, Part, SdArray, SdElement, SdObject, SdValue } from '@entente/statement';
import { base64urlOfUtf8, digestOf, toBase64url } from '#bytes';
import { SealError } from '../errors.js';
import type { Digest, Random } from '../identity/keys.js';
import { isObject, type Json, type JsonObject, writeStrict } from '../identity/strict-json.js';
import { digestElement, digestsMember, reservedNames } from './digests.js';

/** One part of a statement with its salt; the statement's signature covers its digest. */
export interface Disclosure {
  /** base64url of [salt, name, value] or [salt, value] (RFC 9901 4.2) */
  text: string;
  digest: Digest;
  pointer: string;
  dataClass: DataClass;
}

const saltBytes = 16;
const digestBytes = 32;

/** Puts digests in the place of what can be withheld, and keeps the disclosures; containers come before what is in them. */
export class Discloser {
  readonly disclosures: Disclosure[] = [];
  readonly #draw: (bytes: number) => Uint8Array;

  constructor(random: Random) {
    this.#draw = drawFrom(random);
  }

  /** Digests are sorted and filled up with decoys, so that neither order nor number tells what is there. */
  object({ open, hidden, slots }: SdObject): JsonObject {
    const digests = hidden.map(({ part, name, value }) => {
      if (reservedNames.has(name)) throw new SealError('reserved_name', part.pointer);
      return this.#hide(part, [name], value);
    });
    if (slots < digests.length) throw new SealError('malformed', 'fewer slots than members');
    while (digests.length < slots) digests.push(this.#decoy());
    const object = { ...(plain(open) as JsonObject) };
    if (digests.length > 0) object[digestsMember] = digests.sort();
    return object;
  }

  /** Elements keep their order; the decoys stand at random places between them. Open elements take no slot. */
  array({ elements, slots }: SdArray): Json[] {
    const decoys = slots - elements.filter(({ part }) => part !== undefined).length;
    if (decoys < 0) throw new SealError('malformed', 'fewer slots than elements');
    const length = elements.length + decoys;
    const array: Json[] = [];
    for (let at = 0, taken = 0; at < length; at++) {
      const isElement = this.#below(length - at) < elements.length - taken;
      array.push(isElement ? this.#element(elements[taken++]!) : { [digestElement]: this.#decoy() });
    }
    return array;
  }

  #element({ part, value }: SdElement): Json {
    return part === undefined ? this.#render(value) : { [digestElement]: this.#hide(part, [], value) };
  }

  #render(value: SdValue): Json {
    if ('object' in value) return this.object(value.object);
    if ('array' in value) return this.array(value.array);
    return plain(value.json);
  }

  #hide({ pointer, dataClass }: Part, name: [string] | [], value: SdValue): Digest {
    const disclosure = { text: '', digest: '', pointer, dataClass };
    this.disclosures.push(disclosure);
    const salt = toBase64url(this.#draw(saltBytes));
    disclosure.text = base64urlOfUtf8(writeStrict([salt, ...name, this.#render(value)]));
    disclosure.digest = digestOf(disclosure.text);
    return disclosure.digest;
  }

  /** RFC 9901 4.2.7; random bytes cannot be told from the hash of random bytes. */
  #decoy(): Digest {
    return toBase64url(this.#draw(digestBytes));
  }

  /** A random integer below `limit`, which is at most some thousands: the bias of one in 2^32 tells nothing. */
  #below(limit: number): number {
    const [a, b, c, d] = this.#draw(4) as unknown as [number, number, number, number];
    return ((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) >>> 0) % limit;
  }
}

/** Draws much at once: a call of the system's generator costs more than the hash of a disclosure. No byte is used twice. */
function drawFrom(random: Random): (bytes: number) => Uint8Array {
  const chunk = 2048;
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return (bytes) => {
    if (used + bytes > pool.length) {
      pool = random(chunk);
      used = 0;
    }
    used += bytes;
    return pool.subarray(used - bytes, used);
  };
}

/** A value as it is, in which no name may be mistaken for a place of digests. */
function plain(value: Json): Json {
  if (Array.isArray(value)) value.forEach(plain);
  else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      if (reservedNames.has(name)) throw new SealError('reserved_name', name);
      plain(value[name]!);
    }
  }
  return value;
}
