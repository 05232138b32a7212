import type pg from 'pg';
import { type LogEnd, moveLog } from '../commit/heads.js';
import { leafOf } from '../commit/leaf-of.js';
import type { Partitions } from '../partitions.js';
import { appendLeaves, exchangeLeaf } from './append.js';
import { blockSize, freePlaces } from './block.js';

interface Tools {
  partitions: Partitions;
  now: () => number;
  random: (bytes: number) => Uint8Array;
}

/** Fills the open block of a log whose end is locked: its size then tells little. */
export async function padLog(client: pg.ClientBase, end: LogEnd, { partitions, now, random }: Tools): Promise<void> {
  const { log, frontier, open } = end;
  const padding = open.size > 0 || frontier.size % blockSize[log] !== 0 ? freePlaces(end).length : 0;
  if (padding === 0) return;
  await partitions.reach(client, { record: 0, feed: 0, log: frontier.size + blockSize[log] });
  const at = now();
  const leaves = Array.from({ length: padding }, () => exchangeLeaf(leafOf.pad(), at, random));
  for (const query of appendLeaves(end, leaves, () => 0)) await client.query(query);
  await moveLog(client, end);
}
