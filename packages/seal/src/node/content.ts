import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { ascii, textOf, utf8 } from '#bytes';
import type { Kek, SealedContent } from '../content/content.js';
import { SealError } from '../errors.js';
import type { Digest, Random } from '../identity/keys.js';

export const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;

/** A KEK whose 32 bytes are in memory, read from a file outside the database. @throws SealError unknown_kek when it is not 32 bytes */
export function kekOf(id: string, key: Uint8Array, random: Random): Kek {
  if (key.length !== keyBytes) throw new SealError('unknown_kek', id);
  return {
    id,
    wrap: (contentKey, aad) => encryptBytes(contentKey, key, aad, random(nonceBytes)),
    unwrap: (wrapped, aad) => decryptBytes(wrapped, key, aad),
  };
}

/**
 * Encrypts texts under a fresh key. `aad` is what the content belongs to (its reference in the store): a
 * row that was moved to another statement does not open.
 */
export function sealContent(texts: readonly string[], { random, kek }: { random: Random; kek: Kek }, aad: string): SealedContent {
  // One call for the key and its nonce: each call of the system's generator costs as much as the cipher.
  const drawn = random(keyBytes + nonceBytes);
  const key = drawn.subarray(0, keyBytes);
  const bound = ascii(aad);
  return {
    ciphertext: encryptBytes(utf8(JSON.stringify(texts)), key, bound, drawn.subarray(keyBytes)),
    wrappedKey: kek.wrap(key, bound),
    kekId: kek.id,
  };
}

/** @throws SealError unknown_kek, content_unreadable */
export function openContent(
  { ciphertext, wrappedKey, kekId }: SealedContent,
  findKek: (id: string) => Kek | undefined,
  aad: string,
): string[] {
  const kek = findKek(kekId);
  if (kek === undefined) throw new SealError('unknown_kek', kekId);
  const bound = ascii(aad);
  return JSON.parse(textOf(decryptBytes(ciphertext, kek.unwrap(wrappedKey, bound), bound))!);
}

/** Wraps the key of a content under another KEK; the content stays as it is (the erasure horizon, docs/protocol.md 10). */
export function rewrapContent(sealed: SealedContent, findKek: (id: string) => Kek | undefined, to: Kek, aad: string): SealedContent {
  const from = findKek(sealed.kekId);
  if (from === undefined) throw new SealError('unknown_kek', sealed.kekId);
  const bound = ascii(aad);
  return { ...sealed, wrappedKey: to.wrap(from.unwrap(sealed.wrappedKey, bound), bound), kekId: to.id };
}

/**
 * What is found in clear in an index is a keyed token: HMAC-SHA-256 of field and normalised value, cut to
 * 128 bits. The length before the field keeps (a, bc) and (ab, c) apart.
 */
export function searchToken(tokenKey: Uint8Array, field: string, value: string): Uint8Array {
  return createHmac('sha256', tokenKey).update(`${field.length}:${field}:${value}`, 'utf8').digest().subarray(0, 16);
}

/** Keyed digest of bytes, 32 of them: names something in the store without giving it away. */
export function keyedDigest(key: Uint8Array, data: Uint8Array | Digest): Uint8Array {
  return createHmac('sha256', key).update(data).digest();
}

export function encryptBytes(plain: Uint8Array, key: Uint8Array, aad: Uint8Array, nonce: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

export function decryptBytes(sealed: Uint8Array, key: Uint8Array, aad: Uint8Array): Uint8Array {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch {
    throw new SealError('content_unreadable');
  }
}
