import { type Leaf, leafBytes, leafHash } from '@entente/ledger';
import type pg from 'pg';
import type { LogEnd } from '../commit/heads.js';
import type { LeafMembers } from '../commit/leaf-of.js';
import { inserter } from '../database/rows.js';
import { logHash, logLeaf } from '../tables/log.js';
import { close, freePlaces } from './block.js';

export interface LeafToAppend {
  bytes: Uint8Array;
  peer?: string;
  /** What the leaf speaks of; nothing for padding. */
  digest?: string;
}

const insertLeaves = inserter(logLeaf);
const insertHashes = inserter(logHash);
const utf8 = new TextDecoder();

/** The leaf with its version, time and 128 random bits. */
export function exchangeLeaf(members: LeafMembers, at: number, random: (bytes: number) => Uint8Array): LeafToAppend {
  const leaf: Leaf = { v: 1, n: Buffer.from(random(16)).toString('base64url'), at: rfc3339(at), ...members };
  const { peer, digest } = members;
  return { bytes: leafBytes(leaf), ...(peer !== undefined && { peer }), ...(digest !== undefined && { digest }) };
}

/**
 * Adds to the log whose end is locked. The end moves along at once; its row in "head" is for the caller to write. `choose` takes one of the
 * free places of the open block by its number.
 */
export function* appendLeaves(end: LogEnd, leaves: readonly LeafToAppend[], choose: (free: number) => number): Iterable<pg.QueryConfig> {
  const { log, epoch } = end;
  const rows: (typeof logLeaf.$inferInsert)[] = [];
  const completed: (typeof logHash.$inferInsert)[] = [];
  for (const { bytes, peer, digest } of leaves) {
    const hash = leafHash(bytes);
    const free = freePlaces(end);
    const position = free[choose(free.length)]!;
    rows.push({ log, epoch, position, leaf: utf8.decode(bytes), hash, peer: peer ?? null, digest: digest ?? null });
    end.open.set(position, hash);
    if (free.length === 1)
      for (const { level, index, hash: root } of close(end)) completed.push({ log, epoch, level, idx: index, hash: root });
  }
  yield* insertLeaves(rows);
  yield* insertHashes(completed);
}

function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
