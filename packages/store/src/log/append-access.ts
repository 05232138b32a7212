import { createHash } from 'node:crypto';
import { accessLeafBytes } from '@entente/ledger';
import type pg from 'pg';
import type { AccessEntry } from '../act.js';
import type { LogEnd } from '../commit/heads.js';
import { inserter } from '../database/rows.js';
import { accessEntry } from '../tables/log.js';
import { appendLeaves } from './append.js';

const insertEntries = inserter(accessEntry);

/** A leaf holds SHA-256(salt || entry): the entry's text can go after its retention, and cannot be guessed from the leaf. */
export function* appendAccess(
  end: LogEnd,
  entries: readonly AccessEntry[],
  at: number,
  random: (bytes: number) => Uint8Array,
): Iterable<pg.QueryConfig> {
  const { epoch, frontier } = end;
  const first = frontier.size;
  const rows = entries.map((entry, i) => ({ epoch, position: first + i, at, salt: random(16), entry: JSON.stringify({ at, ...entry }) }));
  const leaves = rows.map(({ salt, entry }) => {
    const digest = createHash('sha256').update(salt).update(entry).digest('base64url');
    return { bytes: accessLeafBytes({ v: 1, digest }), digest };
  });
  yield* insertEntries(rows);
  yield* appendLeaves(end, leaves, () => 0);
}
