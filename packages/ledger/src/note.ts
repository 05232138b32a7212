import { fromBase64, toBase64 } from './base64.js';
import { LedgerError } from './error.js';
import { isKeyName, type NoteKey, type NoteSigner, type SignatureType, sameKey, signatureType, type VerifyEd25519 } from './note-key.js';

/* C2SP signed-note: text ending in a newline, an empty line, signature lines. */

/** One signature line. */
export interface NoteSignature {
  name: string;
  id: Uint8Array;
  /** What follows the key id: its form is that of the signature type. */
  bytes: Uint8Array;
}

export interface Note {
  /** With its final newline. Not to be used before a signature on it has been verified. */
  text: string;
  signatures: NoteSignature[];
}

/** A signature that was verified. `time`, in seconds since the epoch, where its type has one. */
export interface VerifiedSignature {
  key: NoteKey;
  time?: number;
}

const maxNoteLength = 1_000_000;
const maxSignatures = 100;
const signatureMark = '\u2014 ';

interface Signed {
  message: Uint8Array;
  signature: Uint8Array;
  time?: number;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** How each signature type reads the bytes of its line. Undefined if they are not of that type. */
const readers: Record<SignatureType, (text: string, bytes: Uint8Array) => Signed | undefined> = {
  [signatureType.ed25519]: (text, bytes) => (bytes.length === 64 ? { message: utf8(text), signature: bytes } : undefined),
  [signatureType.cosignature]: (text, bytes) => {
    if (bytes.length !== 72) return undefined;
    const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
    if (time > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
    return { message: cosignedMessage(text, Number(time)), signature: bytes.slice(8), time: Number(time) };
  },
};

/** What a witness signs: the checkpoint's text below two lines of its own (C2SP tlog-cosignature). */
export function cosignedMessage(text: string, time: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/**
 * Signs a text, which must end in a newline, with a key of type Ed25519.
 * @throws {LedgerError} `bad_note`, `bad_key`
 */
export async function signNote(text: string, signer: NoteSigner): Promise<string> {
  requireText(text);
  if (signer.key.type !== signatureType.ed25519) throw new LedgerError('bad_key', 'this key does not sign notes');
  return `${text}\n${formatSignature(signer.key, await signer.sign(utf8(text)))}`;
}

/** One signature line with its newline. */
export function formatSignature(key: Pick<NoteKey, 'name' | 'id'>, bytes: Uint8Array): string {
  return `${signatureMark}${key.name} ${toBase64(Uint8Array.of(...key.id, ...bytes))}\n`;
}

/** Adds signature lines to a note; a line that it already has is not added twice. */
export function addSignatures(note: string, lines: readonly string[]): string {
  const signatures = note.slice(note.lastIndexOf('\n\n') + 2);
  return note + [...new Set(lines)].filter((line) => !signatures.includes(line)).join('');
}

/**
 * The note with the signature lines of one key alone.
 * @throws {LedgerError} `bad_note`
 */
export function signedOnlyBy(key: Pick<NoteKey, 'name' | 'id'>, note: string): string {
  const { text, signatures } = parseNote(note);
  return `${text}\n${signatures
    .filter((line) => sameKey(line, key))
    .map((line) => formatSignature(line, line.bytes))
    .join('')}`;
}

/**
 * Takes a note apart without verifying anything.
 * @throws {LedgerError} `bad_note`
 */
export function parseNote(note: string): Note {
  if (note.length > maxNoteLength) throw new LedgerError('bad_note', 'the note is too long');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new LedgerError('bad_note', 'a note is text, an empty line and signatures');
  const text = note.slice(0, end + 1);
  requireText(text);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > maxSignatures) throw new LedgerError('bad_note', 'the note has too many signatures');
  return { text, signatures: lines.map(parseSignature) };
}

/**
 * Verifies every signature of the keys asked for, and ignores all others.
 * @returns the text and one verified signature per key that signed, at least one.
 * @throws {LedgerError} `bad_note`, `bad_signature` if one of these keys has a signature that does not verify, `unknown_signer` if none has signed
 */
export async function openNote(
  note: string,
  keys: readonly NoteKey[],
  verify: VerifyEd25519,
): Promise<{ text: string; verified: VerifiedSignature[] }> {
  const { text, signatures } = parseNote(note);
  const verified: VerifiedSignature[] = [];
  for (const line of signatures) {
    const key = keys.find((known) => sameKey(known, line));
    if (key === undefined) continue;
    const found = await verifyLine(text, line, key, verify);
    // A key that signs twice is still one key: whoever counts signatures counts keys.
    if (!verified.some((other) => sameKey(other.key, key))) verified.push(found);
  }
  if (verified.length === 0) throw new LedgerError('unknown_signer', 'none of the keys asked for has signed this note');
  return { text, verified };
}

async function verifyLine(text: string, line: NoteSignature, key: NoteKey, verify: VerifyEd25519): Promise<VerifiedSignature> {
  const signed = readers[key.type](text, line.bytes);
  if (signed === undefined || !(await verify(key.publicKey, signed.message, signed.signature))) {
    throw new LedgerError('bad_signature', `the signature of ${key.name} does not verify`);
  }
  return signed.time === undefined ? { key } : { key, time: signed.time };
}

function parseSignature(line: string): NoteSignature {
  const [name = '', base64 = '', ...rest] = line.slice(signatureMark.length).split(' ');
  const bytes = fromBase64(base64);
  if (!line.startsWith(signatureMark) || rest.length > 0 || !isKeyName(name) || bytes === undefined || bytes.length < 5) {
    throw new LedgerError('bad_note', 'a line below the empty one is not a signature');
  }
  return { name, id: bytes.slice(0, 4), bytes: bytes.slice(4) };
}

function requireText(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format excludes them
  if (!text.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f\p{Cs}]/u.test(text)) {
    throw new LedgerError('bad_note', 'the text of a note ends in a newline and has no other control characters');
  }
}
