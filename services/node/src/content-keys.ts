/** The keys that open content, and that find it again. They live in files outside PostgreSQL and its backups. docs/protocol.md section 10. */
import { readFileSync } from 'node:fs';
import { kekOf, keyedDigest, openContent, sealContent, searchToken } from '@entente/seal/node';
import type { SealedContent } from '@entente/store';

export interface ContentKeys {
  /** Encrypts under a fresh key that is wrapped by the current key-encryption key. `ref` is bound as additional data. */
  seal(texts: string[], ref: string): SealedContent;
  /** @throws SealError unknown_kek, content_unreadable */
  open(sealed: SealedContent, ref: string): string[];
  /** Keyed search token of a normalised value. */
  token(field: string, value: string): Uint8Array;
  /** Keyed digest: names a document in the database without giving it away. */
  fingerprint(bytes: Uint8Array): Uint8Array;
}

/** `{ current, keys: [{ id, key }] }`, each key 32 bytes in base64url: the current one wraps what is new, the others open what is old. */
interface KekFile {
  current: string;
  keys: { id: string; key: string }[];
}

export function loadContentKeys(files: { kek_file: string; token_key_file: string }, random: (bytes: number) => Uint8Array): ContentKeys {
  const file = JSON.parse(readFileSync(files.kek_file, 'utf8')) as KekFile;
  const keks = new Map(file.keys.map(({ id, key }) => [id, kekOf(id, Buffer.from(key, 'base64url'), random)]));
  const current = keks.get(file.current);
  if (!current) throw new Error(`${files.kek_file} names a current key that is not in it`);
  const tokenKey = Buffer.from(readFileSync(files.token_key_file, 'utf8').trim(), 'base64url');
  if (tokenKey.length !== 32) throw new Error(`${files.token_key_file} should hold 32 bytes in base64url`);
  return {
    seal: (texts, ref) => sealContent(texts, { random, kek: current }, ref),
    open: (sealed, ref) => openContent(sealed, (id) => keks.get(id), ref),
    token: (field, value) => searchToken(tokenKey, field, value),
    fingerprint: (bytes) => keyedDigest(tokenKey, bytes),
  };
}
