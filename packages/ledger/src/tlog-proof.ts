import { fromBase64, toBase64 } from './base64.js';
import { type OpenedCheckpoint, openCheckpoint } from './checkpoint.js';
import { LedgerError } from './error.js';
import type { NoteKey, VerifyEd25519 } from './note-key.js';
import { parseDecimal, requireSize } from './number.js';
import { verifyInclusion } from './verify.js';

/** A proof that can be checked offline (C2SP tlog-proof): everything but the leaf and the trusted keys. */
export interface TlogProof {
  /** Not authenticated by anything in the proof. */
  extra?: Uint8Array;
  index: number;
  proof: Uint8Array[];
  /** The signed note, verbatim, with its cosignatures. */
  checkpoint: string;
}

const firstLine = 'c2sp.org/tlog-proof@v1';
const maxProofLength = 63;

/** @throws {LedgerError} `bad_size` */
export function formatTlogProof(proof: TlogProof): string {
  requireSize(proof.index, 'index');
  const extra = proof.extra === undefined ? [] : [`extra ${toBase64(proof.extra)}`];
  return [firstLine, ...extra, `index ${proof.index}`, ...proof.proof.map(toBase64), '', proof.checkpoint].join('\n');
}

/**
 * Takes a proof apart without verifying it.
 * @throws {LedgerError} `bad_proof`
 */
export function parseTlogProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, end).split('\n');
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift()!.slice(6)) : null;
  const index = lines[0]?.startsWith('index ') ? parseDecimal(lines.shift()!.slice(6)) : undefined;
  const proof = lines.map(fromBase64);
  if (
    end < 0 ||
    first !== firstLine ||
    extra === undefined ||
    index === undefined ||
    proof.length > maxProofLength ||
    !proof.every(isHash)
  ) {
    throw new LedgerError('bad_proof', `this is not a proof of the form ${firstLine}`);
  }
  return { ...(extra === null ? {} : { extra }), index, proof, checkpoint: text.slice(end + 2) };
}

/**
 * Verifies that the leaf with this hash is in the log with this key, under the checkpoint in the proof.
 * @throws {LedgerError} as `parseTlogProof`, `openCheckpoint` and `verifyInclusion`
 */
export async function openTlogProof(
  text: string,
  leafHash: Uint8Array,
  log: NoteKey,
  verify: VerifyEd25519,
  witnesses: readonly NoteKey[] = [],
): Promise<{ index: number; checkpoint: OpenedCheckpoint }> {
  const { index, proof, checkpoint: note } = parseTlogProof(text);
  const checkpoint = await openCheckpoint(note, log, verify, witnesses);
  verifyInclusion({ leafHash, index, head: checkpoint, proof });
  return { index, checkpoint };
}

function isHash(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes?.length === 32;
}
