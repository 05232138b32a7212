import { ascii } from '#bytes';
import type { Kek } from '../content/content.js';
import { SealError } from '../errors.js';
import type { Random } from '../identity/keys.js';
import { decryptBytes, encryptBytes, keyBytes, nonceBytes } from './content.js';

/** Bytes of one chunk of an attachment, but for the last: what is ever held in memory of one. */
export const chunkBytes = 1024 * 1024;

/** A content key wrapped by a KEK. */
export interface SealedKey {
  wrappedKey: Uint8Array;
  kekId: string;
}

/** A fresh key for an attachment; `aad` binds it to what it is the key of. */
export function newContentKey({ random, kek }: { random: Random; kek: Kek }, aad: string): SealedKey {
  return { wrappedKey: kek.wrap(random(keyBytes), ascii(aad)), kekId: kek.id };
}

/** @throws SealError unknown_kek, content_unreadable */
export function openContentKey({ wrappedKey, kekId }: SealedKey, findKek: (id: string) => Kek | undefined, aad: string): Uint8Array {
  const kek = findKek(kekId);
  if (kek === undefined) throw new SealError('unknown_kek', kekId);
  return kek.unwrap(wrappedKey, ascii(aad));
}

/** The place in the attachment is bound: chunks that were swapped or moved do not open. */
export const sealChunk = (plain: Uint8Array, key: Uint8Array, random: Random, name: string, number: number): Uint8Array =>
  encryptBytes(plain, key, ascii(`${name} ${number}`), random(nonceBytes));

/** @throws SealError content_unreadable */
export const openChunk = (sealed: Uint8Array, key: Uint8Array, name: string, number: number): Uint8Array =>
  decryptBytes(sealed, key, ascii(`${name} ${number}`));
