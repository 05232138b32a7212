/** Has partners cosign the latest checkpoint of this node's log (C2SP tlog-witness, the log's side), and says so loudly where too few do. */
import {
  addSignatures,
  consistencyProof,
  formatAddCheckpoint,
  formatSignature,
  LedgerError,
  openCheckpoint,
  parseNote,
} from '@entente/ledger';
import type { CheckpointRecord, PeerRecord, Store } from '@entente/store';
import type { Logger } from 'pino';
import type { Dial } from '../federation/dial.js';
import type { Identity } from '../identity.js';
import { hashesOf } from '../log/proof.js';
import { verifyNote, witnessKeysOf } from './note-keys.js';
import type { Suspicion } from './suspicion.js';

export interface Gathering {
  /** Asks one partner for its cosignature, if it has not given it: for the latest checkpoint of the present epoch, or of one that has ended. */
  ask(peer: PeerRecord, connection: Dial, epoch?: number): Promise<void>;
  /** Whether the quorum has cosigned the latest checkpoint; said aloud where not. */
  judge(): Promise<void>;
}

export function createGathering(deps: {
  store: Pick<Store, 'latestCheckpoint' | 'checkpointAt' | 'hashes' | 'cosignedBy' | 'addCosignature'>;
  identity: Identity;
  suspicion: Suspicion;
  logger: Logger;
  quorum: number;
}): Gathering {
  const { store, identity, suspicion, logger } = deps;

  async function ask(peer: PeerRecord, connection: Dial, epoch?: number): Promise<void> {
    const checkpoint = await store.latestCheckpoint('exchange', epoch);
    if (!checkpoint || witnessKeysOf(peer).length === 0 || checkpoint.cosignatures.some(({ witness }) => witness === peer.id)) return;
    const first = await submit(checkpoint, await store.cosignedBy(peer.id, checkpoint.epoch), connection);
    // The witness remembers another size, for instance because its answer was lost: it says which.
    const known = first.status === 409 ? Number(first.text) : undefined;
    if (known !== undefined && known > checkpoint.size) return await suspicion.behind(peer.id, known);
    const answer = known === undefined ? first : await submit(checkpoint, known, connection);
    if (answer.status !== 200) return logger.warn({ peer: peer.id, status: answer.status }, 'this partner did not cosign the checkpoint');
    await take(peer, checkpoint, answer.text);
  }

  async function submit(checkpoint: CheckpointRecord, old: number, connection: Dial): Promise<{ status: number; text: string }> {
    const { epoch, size, note } = checkpoint;
    if (old > 0 && !(await store.checkpointAt('exchange', epoch, old))) return { status: 0, text: '' };
    const proof = await consistencyProof(old, size, hashesOf(store, 'exchange', epoch));
    return await connection.send('/add-checkpoint', formatAddCheckpoint({ old, proof, checkpoint: note }));
  }

  /** What does not verify, and whatever others signed, is left aside. */
  async function take(peer: PeerRecord, { epoch, size, note }: CheckpointRecord, lines: string): Promise<void> {
    const log = identity.noteSigner('exchange', epoch).key;
    try {
      const { signatures } = parseNote(addSignatures(note, [lines]));
      for (const line of signatures.map((one) => formatSignature(one, one.bytes))) {
        const { cosignatures } = await openCheckpoint(addSignatures(note, [line]), log, verifyNote, witnessKeysOf(peer));
        if (cosignatures[0]) await store.addCosignature({ epoch, size, witness: peer.id, line, at: cosignatures[0].time });
      }
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      logger.error({ peer: peer.id, code: error.code }, 'the cosignature of this partner does not verify');
    }
  }

  async function judge(): Promise<void> {
    const checkpoint = await store.latestCheckpoint('exchange');
    const cosigned = checkpoint?.cosignatures.length ?? 0;
    if (checkpoint && cosigned < deps.quorum) await suspicion.unwitnessed(checkpoint.size, cosigned, deps.quorum);
  }
  return { ask, judge };
}
