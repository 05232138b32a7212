import { LedgerError, openCheckpoint, type TreeHead, verifyConsistency } from '@entente/ledger';
import { type Finding, reporting } from './finding.js';
import type { Identity } from './identity.js';
import { verifyNote } from './note-verifier.js';
import type { AuditSource } from './source.js';
import { witnessKeysOf } from './witness-keys.js';

/** What a watching auditor keeps between two looks, in a file of his own: the note is the node's own word, and cannot be taken back. */
export interface Seen {
  origin: string;
  note: string;
}

export interface Look {
  /** To be kept; the earlier one where something was found. */
  seen: Seen | undefined;
  size: number;
  cosigned: number;
  findings: Finding[];
}

/** One look at the exchange log: the latest checkpoint must continue the one that was seen last. */
export async function look(source: AuditSource, identity: Identity, before: Seen | undefined): Promise<Look> {
  const findings: Finding[] = [];
  const about = { check: 'checkpoint', object: 'exchange', position: null } as const;
  const key = identity.logKey('exchange');
  const result = await reporting(
    (finding) => findings.push(finding),
    about,
    async () => {
      const note = await source.cutCheckpoint('exchange');
      const now = await openCheckpoint(note, key, verifyNote, witnessKeysOf(identity.peers.values()));
      if (before?.origin === now.origin) await assertGrown(source, await openCheckpoint(before.note, key, verifyNote), now);
      else if (before !== undefined) {
        // A new epoch is an incident, told once; from then on the new log is the one that is followed.
        findings.push({ ...about, what: `the node has a new log, ${now.origin}; that of ${before.origin} is not continued` });
      }
      return { seen: { origin: now.origin, note }, size: now.size, cosigned: now.cosignatures.length };
    },
  );
  return { seen: before, size: 0, cosigned: 0, ...result, findings };
}

async function assertGrown(source: AuditSource, before: TreeHead, now: TreeHead): Promise<void> {
  if (now.size < before.size) throw new LedgerError('bad_checkpoint', `the log has shrunk from ${before.size} to ${now.size} entries`);
  verifyConsistency({ from: before, to: now, proof: await source.consistency('exchange', before.size, now.size) });
}
