import { fromBase64, toBase64 } from './base64.js';
import { LedgerError } from './error.js';
import { emptyRoot, sameBytes } from './hash.js';
import { cosignedMessage, formatSignature, openNote, parseNote, signNote } from './note.js';
import { type NoteKey, type NoteSigner, sameKey, signatureType, type VerifyEd25519 } from './note-key.js';
import { parseDecimal, requireSize } from './number.js';
import type { TreeHead } from './verify.js';

/** What a log says of itself (C2SP tlog-checkpoint), without extension lines: nobody could audit those. */
export interface Checkpoint extends TreeHead {
  /** The log's name, also that of its key. */
  origin: string;
}

/** A witness's word that at `time`, seconds since the epoch, this was the largest consistent tree it knew. */
export interface Cosignature {
  name: string;
  time: number;
}

export interface OpenedCheckpoint extends Checkpoint {
  cosignatures: Cosignature[];
}

/**
 * The note text of a checkpoint: origin, size, root, a line each.
 * @throws {LedgerError} `bad_checkpoint`, `bad_size`
 */
export function checkpointText(checkpoint: Checkpoint): string {
  requireSize(checkpoint.size, 'size');
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
  parseCheckpointText(text);
  return text;
}

/** @throws {LedgerError} `bad_checkpoint` */
export function parseCheckpointText(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin = '', decimal = '', base64 = '', end] = lines;
  const size = parseDecimal(decimal);
  const root = fromBase64(base64);
  if (lines.length !== 4 || end !== '' || origin === '' || size === undefined || root?.length !== 32) {
    throw new LedgerError('bad_checkpoint', 'a checkpoint has three lines: origin, size and root');
  }
  if (size === 0 && !sameBytes(root, emptyRoot)) throw new LedgerError('bad_checkpoint', 'the empty tree has another root');
  return { origin, size, root };
}

/**
 * Signs a checkpoint with the log's key, whose name is the origin.
 * @throws {LedgerError} `bad_checkpoint`, `bad_size`, `wrong_origin`, `bad_key`, `bad_note`
 */
export async function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): Promise<string> {
  requireOrigin(checkpoint, signer.key);
  return signNote(checkpointText(checkpoint), signer);
}

/**
 * Opens a checkpoint of the log with this key. Cosignatures of the witnesses given are verified and returned, all others ignored: how many are enough is for the
 * caller to say.
 * @throws {LedgerError} `bad_note`, `bad_signature`, `unknown_signer`, `bad_checkpoint`, `wrong_origin`
 */
export async function openCheckpoint(
  note: string,
  log: NoteKey,
  verify: VerifyEd25519,
  witnesses: readonly NoteKey[] = [],
): Promise<OpenedCheckpoint> {
  const { text, verified } = await openNote(note, [log, ...witnesses], verify);
  if (!verified.some((signature) => sameKey(signature.key, log))) throw new LedgerError('unknown_signer', 'the log has not signed this');
  const checkpoint = parseCheckpointText(text);
  requireOrigin(checkpoint, log);
  const cosignatures = verified.flatMap(({ key, time }) => (time === undefined ? [] : [{ name: key.name, time }]));
  return { ...checkpoint, cosignatures };
}

/**
 * The signature line of a witness under a checkpoint (C2SP tlog-cosignature, version 1). The caller has verified the checkpoint and its consistency with the last
 * one it cosigned.
 * @param time seconds since the epoch
 * @throws {LedgerError} `bad_note`, `bad_checkpoint`, `bad_key`, `bad_size`
 */
export async function cosignCheckpoint(note: string, witness: NoteSigner, time: number): Promise<string> {
  const { text } = parseNote(note);
  parseCheckpointText(text);
  requireSize(time, 'time');
  if (witness.key.type !== signatureType.cosignature) throw new LedgerError('bad_key', 'this key does not cosign checkpoints');
  const bytes = new Uint8Array(72);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  bytes.set(await witness.sign(cosignedMessage(text, time)), 8);
  return formatSignature(witness.key, bytes);
}

function requireOrigin(checkpoint: Checkpoint, log: NoteKey): void {
  if (checkpoint.origin !== log.name) throw new LedgerError('wrong_origin', `this is no checkpoint of ${log.name}`);
}
