import { createHash } from 'node:crypto';
import { checkpointText, Frontier, LedgerError, leafHash, parseLeaf, type TreeHead, verifyConsistency } from '@entente/ledger';
import { type Finding, reporting } from './finding.js';
import { type Identity, logName } from './identity.js';
import { openLogCheckpoint } from './log-checkpoint.js';
import type { AuditSource, EpochItem } from './source.js';

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
  /** Epochs that were opened since the last look and continue the one before, each with its reason. */
  opened: EpochItem[];
  findings: Finding[];
}

/** One look at the exchange log: the latest checkpoint must continue the one that was seen last, be it through the beginning of a new epoch. */
export async function look(source: AuditSource, identity: Identity, before: Seen | undefined): Promise<Look> {
  const findings: Finding[] = [];
  const about = { check: 'checkpoint', object: 'exchange', position: null } as const;
  const result = await reporting(
    (finding) => findings.push(finding),
    about,
    async () => {
      const note = await source.cutCheckpoint('exchange');
      const now = await openLogCheckpoint(identity, { log: 'exchange', epoch: identity.epoch }, note);
      const opened = before === undefined ? [] : await followed(source, identity, before, now);
      return { seen: { origin: now.origin, note }, size: now.size, cosigned: now.cosignatures.length, opened };
    },
  );
  return { seen: before, size: 0, cosigned: 0, opened: [], ...result, findings };
}

/** The epochs that were opened since, each of which must say that the log before ended as a continuation of what was seen. */
async function followed(source: AuditSource, identity: Identity, before: Seen, now: TreeHead & { origin: string }): Promise<EpochItem[]> {
  if (before.origin === now.origin) {
    await assertGrown(source, identity, identity.epoch, before.note, now);
    return [];
  }
  const epochs = await source.epochs();
  const at = epochs.findIndex(({ epoch }) => logName(identity.id, 'exchange', epoch) === before.origin);
  if (at < 0) throw new LedgerError('bad_checkpoint', `the node has a new log, ${now.origin}; that of ${before.origin} is not continued`);
  let seen: string | undefined = before.note;
  for (const [i, { epoch, exchange: size }] of epochs.slice(at, -1).entries()) {
    const end = { size, root: await rootOf(source, epoch, size) };
    if (seen !== undefined) await assertGrown(source, identity, epoch, seen, end);
    await assertNames(source, epochs[at + i + 1]!.epoch, checkpointText({ origin: logName(identity.id, 'exchange', epoch), ...end }));
    seen = undefined;
  }
  return epochs.slice(at + 1);
}

async function assertGrown(source: AuditSource, identity: Identity, epoch: number, note: string, now: TreeHead): Promise<void> {
  const before = await openLogCheckpoint(identity, { log: 'exchange', epoch }, note);
  if (now.size < before.size) throw new LedgerError('bad_checkpoint', `the log has shrunk from ${before.size} to ${now.size} entries`);
  verifyConsistency({ from: before, to: now, proof: await source.consistency('exchange', epoch, before.size, now.size) });
}

/** Of its entries, as they are shown today. */
async function rootOf(source: AuditSource, epoch: number, size: number): Promise<Uint8Array> {
  const frontier = Frontier.empty();
  for await (const { leaf } of source.entries('exchange', epoch, 0, size)) frontier.append(leafHash(new TextEncoder().encode(leaf)));
  if (frontier.size !== size) throw new LedgerError('bad_checkpoint', `of the log of epoch ${epoch} entries are missing`);
  return frontier.root();
}

async function assertNames(source: AuditSource, epoch: number, ended: string): Promise<void> {
  for await (const { leaf } of source.entries('exchange', epoch, 0, 1)) {
    const { op, ref } = parseLeaf(new TextEncoder().encode(leaf));
    if (op === 'epoch' && ref === createHash('sha256').update(ended).digest('base64url')) return;
  }
  throw new LedgerError('bad_checkpoint', `the log of epoch ${epoch} does not continue the one before`);
}
