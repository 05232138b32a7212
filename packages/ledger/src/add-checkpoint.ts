import { fromBase64, toBase64 } from './base64.js';
import { LedgerError } from './error.js';
import { parseDecimal, requireSize } from './number.js';

/** What a log asks of a witness (C2SP tlog-witness, add-checkpoint). */
export interface AddCheckpoint {
  /** Size of the tree that the witness cosigned last. */
  old: number;
  /** That the tree grew from it. */
  proof: Uint8Array[];
  /** The signed note. */
  checkpoint: string;
}

const maxProofLength = 63;

/** @throws {LedgerError} `bad_size` */
export function formatAddCheckpoint({ old, proof, checkpoint }: AddCheckpoint): string {
  requireSize(old, 'old size');
  return [`old ${old}`, ...proof.map(toBase64), '', checkpoint].join('\n');
}

/**
 * Takes a request apart without verifying anything.
 * @throws {LedgerError} `bad_request`
 */
export function parseAddCheckpoint(text: string): AddCheckpoint {
  const end = text.indexOf('\n\n');
  const [first = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  const old = first.startsWith('old ') ? parseDecimal(first.slice(4)) : undefined;
  const proof = lines.map(fromBase64);
  if (old === undefined || lines.length > maxProofLength || !proof.every((hash) => hash?.length === 32)) {
    throw new LedgerError('bad_request', 'a request is the old size, the proof and the checkpoint');
  }
  return { old, proof: proof as Uint8Array[], checkpoint: text.slice(end + 2) };
}
