/** What is wrong with a log, told loudly: to officers and administrators, in the node's own log, and kept as evidence. docs/protocol.md section 9. */
import type { PeerCheckpoint, Store } from '@entente/store';
import type { Logger } from 'pino';

/** A checkpoint whose signature by the log's key was verified. */
export type Signed = Pick<PeerCheckpoint, 'peer' | 'origin' | 'size' | 'root' | 'note'>;

export interface Suspicion {
  /** Two roots of one log and size, both signed by its key: proof that a stranger can check. */
  forked(one: Signed, other: Signed): Promise<void>;
  /** The log would not, or could not, show that it grew from the one to the other. */
  inconsistent(smaller: Signed, larger: Signed): Promise<void>;
  /** Of our own log: fewer than the quorum have cosigned this size. */
  unwitnessed(size: number, cosigned: number, quorum: number): Promise<void>;
  /** Of our own log: the witness has cosigned more than there is. */
  behind(witness: string, size: number): Promise<void>;
}

export function createSuspicion(deps: { store: Pick<Store, 'keepPeerCheckpoint' | 'commit'>; self: string; logger: Logger }): Suspicion {
  const { store, self, logger } = deps;
  const told = new Set<string>();

  async function tell(event: string, peer: string, code: string, facts: object, words: string): Promise<void> {
    const name = [event, peer, code].join(' ');
    if (told.has(name)) return;
    logger.error({ peer, code: event, ...facts }, words);
    await store.commit({ notices: [{ event, peer, code }] });
    told.add(name);
  }
  async function keep(...checkpoints: Signed[]): Promise<void> {
    for (const { peer, origin, size, root, note } of checkpoints) await store.keepPeerCheckpoint({ peer, origin, size, root, note });
  }

  return {
    forked: async (one, other) => {
      await keep(one, other);
      const facts = { origin: one.origin, size: one.size, notes: [one.note, other.note] };
      await tell('log.forked', one.peer, `at_${one.size}`, facts, 'this partner has signed two histories of its log');
    },
    inconsistent: async (smaller, larger) => {
      // Not kept as a checkpoint of that log: it may be shown again with a proof, and what others show is compared with what was proven.
      const facts = { origin: larger.origin, from: smaller.size, to: larger.size, notes: [smaller.note, larger.note] };
      const code = `from_${smaller.size}_to_${larger.size}`;
      await tell('log.inconsistent', larger.peer, code, facts, 'this partner does not prove that its log grew from what it signed before');
    },
    unwitnessed: (size, cosigned, quorum) =>
      tell('log.unwitnessed', self, `at_${size}`, { size, cosigned, quorum }, 'too few partners have cosigned the log of this node'),
    behind: (witness, size) =>
      tell('log.behind', self, `at_${size}`, { witness, size }, 'a witness has cosigned more of the log of this node than it has'),
  };
}
