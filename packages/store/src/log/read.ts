import { and, asc, desc, eq, gte } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { readLog } from '../commit/heads.js';
import { asPeer } from '../database/transaction.js';
import type { Logs } from '../store.js';
import { accessEntry, accessRoot, epoch as epochTable, logLeaf } from '../tables/log.js';
import { reachOf } from './block.js';
import { hashReader } from './hashes.js';

const utf8 = new TextEncoder();
const leafRecord = ({ position, leaf }: { position: number; leaf: string }) => ({ position, leaf: utf8.encode(leaf) });

type Read = Pick<
  Logs,
  'latestAccessRoot' | 'accessRoots' | 'log' | 'epochs' | 'leaves' | 'leavesAbout' | 'leavesOfPeer' | 'accessEntries' | 'hashes'
>;

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
    epochs: async () =>
      (await db.select({ epoch: epochTable.epoch }).from(epochTable).orderBy(asc(epochTable.epoch))).map(({ epoch }) => epoch),
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
    accessEntries: async (from, limit) => {
      const { epoch } = await readLog(pool, 'access');
      return await db
        .select({ position: accessEntry.position, salt: accessEntry.salt, entry: accessEntry.entry })
        .from(accessEntry)
        .where(and(eq(accessEntry.epoch, epoch), gte(accessEntry.position, from)))
        .orderBy(asc(accessEntry.position))
        .limit(limit);
    },
  };
}
