import { and, desc, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { lockLog } from '../commit/heads.js';
import { transaction } from '../database/transaction.js';
import { callBack } from '../error.js';
import type { Partitions } from '../partitions.js';
import type { LogName } from '../records.js';
import type { CheckpointToSign, Logs } from '../store.js';
import { checkpoint } from '../tables/log.js';
import { padLog } from './pad.js';

interface Tools {
  pool: pg.Pool;
  partitions: Partitions;
  now: () => number;
  random: (bytes: number) => Uint8Array;
}

/** One cutter at a time, in whatever process: two signed notes of one size would be two checkpoints. */
const cutterLock = `SELECT pg_try_advisory_xact_lock(hashtext('entente checkpoint ' || $1)) AS free`;

/** What is signed is what is committed: the padding is, before the signature is asked for. */
export function checkpointCutter(tools: Tools): Logs['cutCheckpoint'] {
  const { pool, now } = tools;
  return (name, sign) =>
    transaction(pool, async (client) => {
      const { rows } = await client.query<{ free: boolean }>(cutterLock, [name]);
      if (!rows[0]!.free) return false;
      const due = await fill(tools, name);
      if (due === undefined) return false;
      const note = await callBack(sign, due);
      const { epoch, size, root } = due;
      await drizzle(client).insert(checkpoint).values({ log: name, epoch, size, root, note, at: now() });
      return true;
    });
}

/**
 * Pads in a transaction of its own. Padding follows only on leaves that say something, so a log that is larger than its last checkpoint
 * holds such leaves, also when a crash came between the padding and the signature.
 */
function fill(tools: Tools, name: LogName): Promise<CheckpointToSign | undefined> {
  return transaction(tools.pool, async (client) => {
    const end = await lockLog(client, name);
    const { epoch, frontier, open } = end;
    const [previous] = await drizzle(client)
      .select({ size: checkpoint.size, root: checkpoint.root })
      .from(checkpoint)
      .where(and(eq(checkpoint.log, name), eq(checkpoint.epoch, epoch)))
      .orderBy(desc(checkpoint.size))
      .limit(1);
    if (open.size === 0 && frontier.size === (previous?.size ?? 0)) return undefined;
    await padLog(client, end, tools);
    return { epoch, size: frontier.size, root: frontier.root(), ...(previous !== undefined && { previous }) };
  });
}
