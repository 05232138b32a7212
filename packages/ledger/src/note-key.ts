import { sha256 } from '#bytes';
import { fromBase64, toBase64 } from './base64.js';
import { LedgerError } from './error.js';
import { sameBytes } from './hash.js';

/** Signature types of C2SP signed-note which we use, both with Ed25519: a log signs notes, a witness cosigns checkpoints with the time. */
export const signatureType = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureType = (typeof signatureType)[keyof typeof signatureType];

/** A public key that signs notes. */
export interface NoteKey {
  /** Of a log: its origin. Without spaces and plus signs. */
  name: string;
  type: SignatureType;
  /** Ed25519, 32 bytes. */
  publicKey: Uint8Array;
  /** 4 bytes: tells signature lines apart, proves nothing. */
  id: Uint8Array;
}

/** A note key with the private half behind a function: Ed25519 over exactly these bytes, 64 bytes back. */
export interface NoteSigner {
  key: NoteKey;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Ed25519 verification, handed in. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

/** @throws {LedgerError} `bad_key` */
export function noteKey(name: string, type: SignatureType, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw new LedgerError('bad_key', 'a key name has neither spaces nor plus signs and is not empty');
  if (!Object.values<number>(signatureType).includes(type)) throw new LedgerError('bad_key', `signature type ${type} is not known here`);
  if (publicKey.length !== 32) throw new LedgerError('bad_key', 'an Ed25519 public key has 32 bytes');
  const id = sha256(new TextEncoder().encode(`${name}\n`), Uint8Array.of(type), publicKey).slice(0, 4);
  return { name, type, publicKey, id };
}

/** Verifier key text: `name+id+base64(type || public key)` (C2SP signed-note). */
export function formatVkey(key: NoteKey): string {
  return `${key.name}+${hex(key.id)}+${toBase64(Uint8Array.of(key.type, ...key.publicKey))}`;
}

/** @throws {LedgerError} `bad_key` */
export function parseVkey(text: string): NoteKey {
  const [name = '', id = '', ...rest] = text.split('+'); // base64 has plus signs of its own
  const material = fromBase64(rest.join('+'));
  if (material === undefined || material.length === 0) throw new LedgerError('bad_key', 'this is not a verifier key');
  const key = noteKey(name, material[0] as SignatureType, material.slice(1));
  if (hex(key.id) !== id) throw new LedgerError('bad_key', 'the id of this verifier key is not that of its name and key');
  return key;
}

export function isKeyName(name: string): boolean {
  return name.length > 0 && !/[\p{White_Space}\p{Cc}\p{Cs}+]/u.test(name);
}

export function sameKey(a: Pick<NoteKey, 'name' | 'id'>, b: Pick<NoteKey, 'name' | 'id'>): boolean {
  return a.name === b.name && sameBytes(a.id, b.id);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
