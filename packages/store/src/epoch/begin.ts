import { createHash } from 'node:crypto';
import { checkpointText } from '@entente/ledger';
import type pg from 'pg';
import { lockLog, moveLog, startOfChain } from '../commit/heads.js';
import { leafOf } from '../commit/leaf-of.js';
import { appendLeaves, exchangeLeaf } from '../log/append.js';
import { blockSize } from '../log/block.js';
import { Partitions } from '../partitions.js';
import type { LogName } from '../records.js';

export interface NewEpoch {
  epoch: number;
  /** Told to every partner. */
  reason: string;
  /** Name of a log in an epoch. */
  origin: (log: LogName, epoch: number) => string;
  now: number;
  random: (bytes: number) => Uint8Array;
}

/**
 * Every history begins anew; what was said in the epoch before stays as it is, and the first leaves of the new log say how its two logs ended.
 * The heads are locked.
 */
export async function beginEpoch(client: pg.ClientBase, before: number, { epoch, reason, origin, now, random }: NewEpoch): Promise<void> {
  const [exchange, access] = [await lockLog(client, 'exchange'), await lockLog(client, 'access')];
  const ended = { origin: origin('exchange', before), size: exchange.frontier.size, root: exchange.frontier.root() };
  await client.query('INSERT INTO epoch (epoch, opened_at, origin, reason) VALUES ($1, $2, $3, $4)', [
    epoch,
    now,
    origin('exchange', epoch),
    reason,
  ]);
  await client.query('UPDATE head SET epoch = $1, size = 0, chain = $2, paged = 0 WHERE rank = 0', [epoch, Buffer.from(startOfChain)]);
  await client.query('UPDATE head SET epoch = $1 WHERE rank = 1', [epoch]);
  await client.query(`UPDATE head SET epoch = $1, size = 0, edge = '' WHERE rank >= 2`, [epoch]);
  const leaves = [leafOf.epoch(sha256(reason), sha256(checkpointText(ended))), leafOf.accessRoot({ root: access.frontier.root() })];
  const end = await lockLog(client, 'exchange');
  await new Partitions().reach(client, { record: 0, feed: 0, log: blockSize.exchange });
  for (const query of appendLeaves(
    end,
    leaves.map((leaf) => exchangeLeaf(leaf, now, random)),
    () => 0, // the first of a log, in this order
  ))
    await client.query(query);
  await moveLog(client, end);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
