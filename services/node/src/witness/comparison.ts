/** Watches partners' logs: each must have grown from what it signed before, and must be the one that other partners see. docs/protocol.md section 9. */
import { LedgerError, openCheckpoint, signedOnlyBy, verifyConsistency } from '@entente/ledger';
import type { PeerRecord, Store } from '@entente/store';
import type { Logger } from 'pino';
import { type Dial, PeerRefused } from '../federation/dial.js';
import type { Directory } from '../peers/directory.js';
import { logKeyOf, verifyNote } from './note-keys.js';
import type { Signed, Suspicion } from './suspicion.js';

export interface Comparison {
  /** Takes the partner's own latest checkpoint, with the proof that it grew. */
  follow(peer: PeerRecord, connection: Dial): Promise<void>;
  /** Shows the partner what is held of every third one that both know of, and takes what it shows. */
  compare(peer: PeerRecord, connection: Dial): Promise<void>;
  /** The other side of `compare`: what is held of `of`, of the size of `note` if there is one. Undefined: nothing, or nothing for this asker. */
  answer(asker: string, of: string, note: string | undefined): Promise<string | undefined>;
}

type Using = (use: (connection: Dial) => Promise<boolean>) => Promise<boolean>;

export function createComparison(deps: {
  store: Pick<Store, 'peerCheckpoint' | 'keepPeerCheckpoint'>;
  directory: Directory;
  /** A connection to a partner, for as long as `use` runs. */
  connected: <T>(peer: PeerRecord, use: (connection: Dial) => Promise<T>) => Promise<T>;
  /** Whether two partners know of each other. */
  knows: (one: string, other: string) => boolean;
  suspicion: Suspicion;
  logger: Logger;
}): Comparison {
  const { store, directory, connected, knows, suspicion, logger } = deps;

  async function follow(peer: PeerRecord, connection: Dial): Promise<void> {
    await consider(peer, await connection.text('/log/checkpoint'), (use) => use(connection));
  }

  async function compare(peer: PeerRecord, connection: Dial): Promise<void> {
    for (const third of directory.active()) {
      if (third.id === peer.id || !knows(peer.id, third.id)) continue;
      const held = await latestOf(third);
      if (!held) continue;
      const shown = await shownBy(connection, third.id, held.note);
      if (shown !== undefined) await consider(third, shown);
    }
  }

  async function answer(asker: string, of: string, note: string | undefined): Promise<string | undefined> {
    const third = directory.peer(of);
    if (third === undefined || third.state === 'removed' || (asker !== of && !knows(asker, of))) return undefined;
    const shown = note === undefined ? undefined : await opened(third, note);
    const held = (shown && (await store.peerCheckpoint(third.id, shown.origin, shown.size))) ?? (await latestOf(third));
    if (shown) await consider(third, shown.note);
    return held?.note;
  }

  const latestOf = async (peer: PeerRecord) => {
    const key = logKeyOf(peer);
    return key && (await store.peerCheckpoint(peer.id, key.name));
  };

  /** Judges a checkpoint of the peer's log, whoever brought it, against what is held of that log. */
  async function consider(peer: PeerRecord, note: string, using: Using = (use) => connected(peer, use)): Promise<void> {
    const checkpoint = await opened(peer, note);
    if (!checkpoint) return;
    const same = await store.peerCheckpoint(peer.id, checkpoint.origin, checkpoint.size);
    if (same) return sameRoot(same, checkpoint) ? undefined : await suspicion.forked(same, checkpoint);
    const known = await store.peerCheckpoint(peer.id, checkpoint.origin);
    if (!known) return void (await store.keepPeerCheckpoint(checkpoint));
    const [smaller, larger] = known.size < checkpoint.size ? [known, checkpoint] : [checkpoint, known];
    const grew = await using((connection) => provesGrowth(connection, smaller, larger));
    if (grew) await store.keepPeerCheckpoint(checkpoint);
    else await suspicion.inconsistent(smaller, larger);
  }

  async function opened(peer: PeerRecord, note: string): Promise<Signed | undefined> {
    const key = logKeyOf(peer);
    if (!key) return undefined;
    try {
      const { origin, size, root } = await openCheckpoint(note, key, verifyNote);
      return { peer: peer.id, origin, size, root, note: signedOnlyBy(key, note) };
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      logger.warn({ peer: peer.id, code: error.code }, 'what was shown as a checkpoint of this partner is none');
      return undefined;
    }
  }

  return { follow, compare, answer };
}

/** The proof is the log's to give. One that cannot be reached is asked again; one that refuses, or shows what does not verify, has none. */
async function provesGrowth(connection: Dial, from: Signed, to: Signed): Promise<boolean> {
  try {
    const { proof } = (await connection.json('GET', `/log/consistency?from=${from.size}&to=${to.size}`)) as { proof?: unknown };
    if (!Array.isArray(proof) || !proof.every((hash): hash is string => typeof hash === 'string')) return false;
    verifyConsistency({ from, to, proof: proof.map((hash) => new Uint8Array(Buffer.from(hash, 'base64'))) });
    return true;
  } catch (error) {
    if (error instanceof LedgerError || (error instanceof PeerRefused && error.status < 500)) return false;
    throw error;
  }
}

/** Undefined where the partner holds nothing of this log. */
async function shownBy(connection: Dial, of: string, note: string): Promise<string | undefined> {
  try {
    const answer = (await connection.json('POST', '/log/compare', { of, note })) as { note?: unknown };
    return typeof answer.note === 'string' ? answer.note : undefined;
  } catch (error) {
    if (error instanceof PeerRefused && error.status === 404) return undefined;
    throw error;
  }
}

const sameRoot = (a: Signed, b: Signed): boolean => Buffer.compare(a.root, b.root) === 0;
