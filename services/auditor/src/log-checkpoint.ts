import { type NoteKey, type OpenedCheckpoint, openCheckpoint, parseNote, sameKey } from '@entente/ledger';
import type { Identity } from './identity.js';
import { verifyNote } from './note-verifier.js';
import type { LogName } from './source.js';
import { witnessKeysOf } from './witness-keys.js';

interface OfLog {
  log: LogName;
  epoch: number;
}

/** Of the keys that may have signed for a log, the one that has signed this note; any of them where none has. */
export function keyUnder(note: string, identity: Pick<Identity, 'logKeys'>, { log, epoch }: OfLog): NoteKey {
  const keys = identity.logKeys(log, epoch);
  const { signatures } = parseNote(note);
  return keys.find((one) => signatures.some((line) => sameKey(one, line))) ?? keys[0]!;
}

/**
 * Opens a checkpoint of a log of the audited node, with the cosignatures of partners.
 * @throws {LedgerError} as `openCheckpoint`
 */
export async function openLogCheckpoint(identity: Pick<Identity, 'logKeys' | 'peers'>, of: OfLog, note: string): Promise<OpenedCheckpoint> {
  return openCheckpoint(note, keyUnder(note, identity, of), verifyNote, witnessKeysOf(identity.peers.values()));
}
