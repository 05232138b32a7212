/** The keys that open content, and that find it again. They live in files outside PostgreSQL and its backups. docs/protocol.md section 10. */
import { readFileSync, statSync } from 'node:fs';
import type { Kek } from '@entente/seal';
import {
  kekOf,
  keyedDigest,
  newContentKey,
  openContent,
  openContentKey,
  rewrapContent,
  sealContent,
  searchToken,
} from '@entente/seal/node';
import type { SealedContent, SealedKey } from '@entente/store';
import { untold } from './identity.js';
import { readKekFile } from './kek-file.js';

export interface ContentKeys {
  /** Encrypts under a fresh key that is wrapped by the current key-encryption key. `ref` is bound as additional data. */
  seal(texts: string[], ref: string): SealedContent;
  /** @throws SealError unknown_kek, content_unreadable */
  open(sealed: SealedContent, ref: string): string[];
  /** The wrapped key under the current key-encryption key. @throws SealError unknown_kek, content_unreadable */
  rewrap(sealed: Pick<SealedContent, 'wrappedKey' | 'kekId'>, ref: string): Pick<SealedContent, 'wrappedKey' | 'kekId'>;
  /** A fresh key, wrapped, for what is encrypted in pieces. */
  newKey(ref: string): SealedKey;
  /** @throws SealError unknown_kek, content_unreadable */
  openKey(sealed: SealedKey, ref: string): Uint8Array;
  /** Keyed search token of a normalised value. */
  token(field: string, value: string): Uint8Array;
  /** Keyed digest: names a document in the database without giving it away. */
  fingerprint(bytes: Uint8Array): Uint8Array;
}

const LOOK_EVERY_MS = 1000;

/** `used` is told of each wrapping and opening. */
export function loadContentKeys(
  files: { kek_file: string; token_key_file: string },
  random: (bytes: number) => Uint8Array,
  used: (key: string) => void = untold,
): ContentKeys {
  const keks = followKeks(files.kek_file, random);
  const tokenKey = Buffer.from(readFileSync(files.token_key_file, 'utf8').trim(), 'base64url');
  if (tokenKey.length !== 32) throw new Error(`${files.token_key_file} should hold 32 bytes in base64url`);
  return {
    seal: (texts, ref) => {
      const kek = keks.current();
      used(`content ${kek.id}`);
      return sealContent(texts, { random, kek }, ref);
    },
    open: (sealed, ref) => {
      used(`content ${sealed.kekId}`);
      return openContent(sealed, keks.find, ref);
    },
    rewrap: (sealed, ref) => rewrapContent({ ...sealed, ciphertext: new Uint8Array(0) }, keks.find, keks.current(), ref),
    newKey: (ref) => {
      const kek = keks.current();
      used(`content ${kek.id}`);
      return newContentKey({ random, kek }, ref);
    },
    openKey: (sealed, ref) => {
      used(`content ${sealed.kekId}`);
      return openContentKey(sealed, keks.find, ref);
    },
    token: (field, value) => searchToken(tokenKey, field, value),
    fingerprint: (bytes) => keyedDigest(tokenKey, bytes),
  };
}

/** Another process of the agency may have replaced the key: the file is looked at before use, once a second at most, and for a key unknown. */
function followKeks(file: string, random: (bytes: number) => Uint8Array): { current(): Kek; find(id: string): Kek | undefined } {
  let read = load();
  let lookedAt = performance.now();

  function load() {
    const changed = statSync(file).mtimeMs;
    const { current, keys } = readKekFile(file);
    const keks = new Map(keys.map(({ id, key }) => [id, kekOf(id, Buffer.from(key, 'base64url'), random)]));
    return { changed, current: keks.get(current)!, keks };
  }
  function look(): void {
    if (performance.now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = performance.now();
    if (statSync(file).mtimeMs !== read.changed) read = load();
  }
  return {
    current: () => {
      look();
      return read.current;
    },
    find: (id) => {
      if (!read.keks.has(id)) read = load();
      return read.keks.get(id);
    },
  };
}
