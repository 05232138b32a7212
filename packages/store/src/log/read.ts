import { and, asc, desc, eq, gte } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { readLog } from '../commit/heads.js';
import { asPeer } from '../database/transaction.js';
import type { EpochRecord, LogName } from '../records.js';
import type { Logs } from '../store.js';
import { accessEntry, accessRoot, epoch as epochTable, logLeaf } from '../tables/log.js';
import { blockSize, reachOf } from './block.js';
import { hashReader } from './hashes.js';

const utf8 = new TextEncoder();
const leafRecord = ({ position, leaf }: { position: number; leaf: string }) => ({ position, leaf: utf8.encode(leaf) });

type Read = Pick<
  Logs,
  'latestAccessRoot' | 'accessRoots' | 'log' | 'epochs' | 'leaves' | 'leavesAbout' | 'leavesOfPeer' | 'accessEntries' | 'hashes'
>;

/** Leaves up to the end of the last block of 64 that is full: what is behind it when an epoch ends is under no root. */
const closedSize = (log: LogName) => {
  const block = blockSize[log];
  const last = `(SELECT max(position) / ${block} * ${block} FROM log_leaf l WHERE l.log = '${log}' AND l.epoch = e.epoch)`;
  const full = `(SELECT count(*) = ${block} FROM log_leaf l WHERE l.log = '${log}' AND l.epoch = e.epoch AND l.position >= ${last})`;
  return `coalesce(${last} + CASE WHEN ${full} THEN ${block} ELSE 0 END, 0)`;
};
const epochsText = `SELECT e.epoch, e.opened_at AS "openedAt", e.origin, e.reason, ${closedSize('exchange')} AS exchange, ${closedSize('access')} AS access
  FROM epoch e WHERE e.epoch <= (SELECT max(epoch) FROM head) ORDER BY e.epoch`;

export function readLogs(db: NodePgDatabase, pool: pg.Pool): Read {
  const leafColumns = { position: logLeaf.position, leaf: logLeaf.leaf };
  return {
    hashes: hashReader(pool),
    log: async (name) => {
      const end = await readLog(pool, name);
      const { epoch, frontier } = end;
      const rows = await db.select({ origin: epochTable.origin }).from(epochTable).where(eq(epochTable.epoch, epoch));
      return { epoch, origin: rows[0]?.origin ?? null, size: frontier.size, root: frontier.root(), reach: reachOf(end) };
    },
    leaves: async (name, epoch, from, limit) => {
      const rows = await db
        .select(leafColumns)
        .from(logLeaf)
        .where(and(eq(logLeaf.log, name), eq(logLeaf.epoch, epoch), gte(logLeaf.position, from)))
        .orderBy(asc(logLeaf.position))
        .limit(limit);
      return rows.map(leafRecord);
    },
    leavesAbout: async (name, epoch, digest, limit) => {
      const rows = await db
        .select(leafColumns)
        .from(logLeaf)
        .where(and(eq(logLeaf.digest, digest), eq(logLeaf.log, name), eq(logLeaf.epoch, epoch)))
        .orderBy(asc(logLeaf.position))
        .limit(limit);
      return rows.map(leafRecord);
    },
    leavesOfPeer: (epoch, peer, from, limit) =>
      asPeer(pool, peer, async (client) => {
        const rows = await drizzle(client)
          .select(leafColumns)
          .from(logLeaf)
          .where(and(eq(logLeaf.log, 'exchange'), eq(logLeaf.peer, peer), eq(logLeaf.epoch, epoch), gte(logLeaf.position, from)))
          .orderBy(asc(logLeaf.position))
          .limit(limit);
        return rows.map(leafRecord);
      }),
    latestAccessRoot: async () => (await db.select().from(accessRoot).orderBy(desc(accessRoot.day)).limit(1))[0],
    accessRoots: (from, limit) => db.select().from(accessRoot).where(gte(accessRoot.day, from)).orderBy(asc(accessRoot.day)).limit(limit),
    epochs: async () => (await pool.query<EpochRecord>({ name: 'epochs', text: epochsText })).rows,
    accessEntries: (epoch, from, limit) =>
      db
        .select({ position: accessEntry.position, salt: accessEntry.salt, entry: accessEntry.entry })
        .from(accessEntry)
        .where(and(eq(accessEntry.epoch, epoch), gte(accessEntry.position, from)))
        .orderBy(asc(accessEntry.position))
        .limit(limit),
  };
}
