/**
 * Leaves of the exchange log take random places in the open block, the one at the end of the log, which is hashed into the tree when it is
 * full or when a checkpoint fills it. A place that followed from what came before would tell a partner, who sees the places of its own
 * leaves, how much there is of others; so it tells the block, and the padded size of the log tells that already. docs/protocol.md section 9.
 */
import type { CompletedHash } from '@entente/ledger';
import type { LogEnd } from '../commit/heads.js';
import type { LogName } from '../records.js';

/** The access log is shown to nobody else: its leaves stand in their order, and its tree ends with the last one. */
export const blockSize: Record<LogName, number> = { exchange: 64, access: 1 };

/** First position behind the block that the next leaf goes into. */
const borderOf = ({ log, frontier }: LogEnd): number => (Math.floor(frontier.size / blockSize[log]) + 1) * blockSize[log];

export function freePlaces(end: LogEnd): number[] {
  const { frontier, open } = end;
  return Array.from({ length: borderOf(end) - frontier.size }, (_, i) => frontier.size + i).filter((place) => !open.has(place));
}

/** Size of the checkpoint that covers everything there is. */
export function reachOf({ log, frontier, open }: LogEnd): number {
  const end = Math.max(frontier.size, ...[...open.keys()].map((place) => place + 1));
  return Math.ceil(end / blockSize[log]) * blockSize[log];
}

/** Hashes the open block, which is full, into the tree. */
export function close({ frontier, open }: LogEnd): CompletedHash[] {
  const completed = Array.from({ length: open.size }, () => frontier.append(open.get(frontier.size)!));
  open.clear();
  return completed.flat();
}

export const atRandom =
  (random: (bytes: number) => Uint8Array) =>
  (free: number): number =>
    Buffer.from(random(4)).readUInt32BE() % free;
