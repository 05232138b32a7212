/** What this node does as a witness of a peer's log: C2SP tlog-witness, add-checkpoint, every status as specified there. */
import {
  type AddCheckpoint,
  cosignCheckpoint,
  emptyRoot,
  LedgerError,
  openCheckpoint,
  parseAddCheckpoint,
  signedOnlyBy,
  verifyConsistency,
} from '@entente/ledger';
import type { PeerCheckpoint, Store } from '@entente/store';
import type { Identity } from '../identity.js';
import type { Directory } from '../peers/directory.js';
import { Problem } from '../problem.js';
import { logKeyOf, verifyNote } from './note-keys.js';
import type { Signed, Suspicion } from './suspicion.js';

/** 200 with signature lines, or 409 with the size that the log should have begun from. Everything else is a `Problem`. */
export type WitnessAnswer = { status: 200; lines: string } | { status: 409; size: number };

export interface Witness {
  addCheckpoint(peer: string, request: string): Promise<WitnessAnswer>;
}

export function createWitness(deps: {
  store: Pick<Store, 'cosigned' | 'cosign'>;
  identity: Pick<Identity, 'witnessSigner'>;
  directory: Pick<Directory, 'peer'>;
  suspicion: Suspicion;
}): Witness {
  const { store, directory, suspicion } = deps;

  async function addCheckpoint(peer: string, text: string): Promise<WitnessAnswer> {
    const request = wellFormed(text);
    const checkpoint = await signedByTheLog(peer, request);
    if (request.old > checkpoint.size) throw new Problem('invalid_request', 'the old size is larger than the checkpoint');
    const last = await store.cosigned(peer, checkpoint.origin);
    const contradiction = last?.size === checkpoint.size && !sameRoot(last, checkpoint);
    if (contradiction) await suspicion.forked(checkpoint, last);
    if (request.old !== (last?.size ?? 0) || contradiction) return { status: 409, size: last?.size ?? 0 };
    proven(request, last, checkpoint);
    const kept = await store.cosign(checkpoint, request.old);
    if (!kept.cosigned) return { status: 409, size: kept.size };
    return { status: 200, lines: await cosignCheckpoint(checkpoint.note, deps.identity.witnessSigner(), kept.at) };
  }

  /** Of the log of the peer that asks: any other is as good as unknown, so that nobody learns whose logs this node watches. */
  async function signedByTheLog(peer: string, { checkpoint: note }: AddCheckpoint): Promise<Signed> {
    const key = logKeyOf(directory.peer(peer)!);
    if (key === undefined || !note.startsWith(`${key.name}\n`)) throw new Problem('not_found', 'this node is no witness of this log');
    // Lines of others below the log's own are not kept: who they are is nobody's business but the log's.
    try {
      const { origin, size, root } = await openCheckpoint(note, key, verifyNote);
      return { peer, origin, size, root, note: signedOnlyBy(key, note) };
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      const unsigned = error.code === 'bad_signature' || error.code === 'unknown_signer';
      throw unsigned
        ? new Problem('access_denied', 'this checkpoint is not signed with the key of its log')
        : new Problem('invalid_request', error.message);
    }
  }
  return { addCheckpoint };
}

function wellFormed(text: string): AddCheckpoint {
  try {
    return parseAddCheckpoint(text);
  } catch (error) {
    if (error instanceof LedgerError) throw new Problem('invalid_request', error.message);
    throw error;
  }
}

function proven({ proof }: AddCheckpoint, last: PeerCheckpoint | undefined, checkpoint: Signed): void {
  try {
    // A tree of no leaves has one root, and every tree grew from it.
    const from = last ?? { size: 0, root: emptyRoot };
    verifyConsistency({ from, to: checkpoint, proof });
  } catch (error) {
    if (error instanceof LedgerError) throw new Problem('proof_invalid', 'the proof does not lead from the old size to this checkpoint');
    throw error;
  }
}

const sameRoot = (a: { root: Uint8Array }, b: { root: Uint8Array }): boolean => Buffer.compare(a.root, b.root) === 0;
