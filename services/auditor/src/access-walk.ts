import { createHash } from 'node:crypto';
import { parseAccessLeaf } from '@entente/ledger';
import type { Scene } from './evidence/evidence.js';
import { reporting } from './finding.js';
import { LogWalk, type WalkedEntry, type WalkedLog, type WalkState } from './log-walk.js';
import type { AccessItem } from './source.js';

export interface AccessAt {
  log: 'access';
  epoch: number;
  walk: WalkState;
}

export interface AccessWatch {
  progress?: (log: string, done: number, of: number) => void;
  /** Each entry that is still there and is what the log says. JSON. */
  onAccess?: (entry: string, position: number) => void;
  from?: { epoch: number; walk: WalkState };
  onStep?: (at: () => AccessAt) => void | Promise<void>;
}

/**
 * Every entry of the access log of one epoch against its leaf: SHA-256 of salt and text. A text may be gone after its retention; it cannot have changed.
 * @param size of one that has ended, as the node says; the present one is read to a new checkpoint
 */
export async function walkAccess(
  { source, identity, report }: Scene,
  { epoch, size }: { epoch: number; size: number },
  { progress, onAccess, from, onStep }: AccessWatch,
): Promise<WalkedLog> {
  const before = from?.epoch === epoch ? from.walk : undefined;
  const walk = new LogWalk('access', epoch, source, identity, report, before);
  const ended = epoch !== identity.epoch;
  const checkpoint = ended ? undefined : await walk.cut();
  if (checkpoint === undefined && !ended) return walk.result(); // nothing to hold it against
  const entries: AsyncIterable<WalkedEntry> = checkpoint === undefined ? walk.readToEnd(size) : walk.readTo(checkpoint);
  const texts = source.access(epoch, before?.size ?? 0)[Symbol.asyncIterator]();
  let next = await texts.next();
  for await (const { bytes, position } of entries) {
    progress?.(epoch === 1 ? 'access' : `access of epoch ${epoch}`, position + 1, checkpoint?.size ?? size);
    const leaf = await reporting(report, { check: 'leaf', object: 'access', position }, () => parseAccessLeaf(bytes));
    const item = next.done !== true && next.value.position === position ? next.value : undefined;
    if (item !== undefined) next = await texts.next();
    if (leaf !== undefined) {
      const why = item === undefined ? 'its entry is missing' : differs(item, leaf.digest);
      if (why !== undefined) report({ check: 'access', object: 'access', position, what: why });
      else if (item?.entry != null) onAccess?.(item.entry, position);
    }
    await onStep?.(() => ({ log: 'access', epoch, walk: walk.save() }));
  }
  return walk.finish();
}

function differs({ salt, entry }: AccessItem, digest: string): string | undefined {
  if (entry === null) return undefined;
  const hash = createHash('sha256').update(Buffer.from(salt, 'base64url')).update(entry).digest('base64url');
  return hash === digest ? undefined : 'the entry is another one than the log says: it was altered';
}
