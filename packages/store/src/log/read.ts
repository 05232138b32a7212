import { and, asc, desc, eq, gte, lt } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { readLog } from '../commit/heads.js';
import type { Logs } from '../store.js';
import { accessEntry, checkpoint, epoch as epochTable, logHash, logLeaf } from '../tables/log.js';

const utf8 = new TextEncoder();
const leafRecord = ({ position, leaf }: { position: number; leaf: string }) => ({ position, leaf: utf8.encode(leaf) });

export function readLogs(db: NodePgDatabase, pool: pg.Pool): Omit<Logs, 'cutCheckpoint'> {
  const leafColumns = { position: logLeaf.position, leaf: logLeaf.leaf };
  return {
    log: async (name) => {
      const { epoch, frontier } = await readLog(pool, name);
      const rows = await db.select({ origin: epochTable.origin }).from(epochTable).where(eq(epochTable.epoch, epoch));
      return { epoch, origin: rows[0]?.origin ?? null, size: frontier.size, root: frontier.root() };
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
    leavesOfPeer: async (epoch, peer, from, limit) => {
      const rows = await db
        .select(leafColumns)
        .from(logLeaf)
        .where(and(eq(logLeaf.log, 'exchange'), eq(logLeaf.peer, peer), eq(logLeaf.epoch, epoch), gte(logLeaf.position, from)))
        .orderBy(asc(logLeaf.position))
        .limit(limit);
      return rows.map(leafRecord);
    },
    hashes: async (name, epoch, level, index, count) => {
      const rows = level === 0 ? await leafHashes(db, name, epoch, index, count) : await tileHashes(db, name, epoch, level, index, count);
      return rows.map((row) => new Uint8Array(row.hash));
    },
    accessEntries: async (from, limit) => {
      const { epoch } = await readLog(pool, 'access');
      return await db
        .select({ position: accessEntry.position, salt: accessEntry.salt, entry: accessEntry.entry })
        .from(accessEntry)
        .where(and(eq(accessEntry.epoch, epoch), gte(accessEntry.position, from)))
        .orderBy(asc(accessEntry.position))
        .limit(limit);
    },
    latestCheckpoint: async (name) => {
      const { epoch } = await readLog(pool, name);
      const rows = await db
        .select({ epoch: checkpoint.epoch, size: checkpoint.size, root: checkpoint.root, note: checkpoint.note })
        .from(checkpoint)
        .where(and(eq(checkpoint.log, name), eq(checkpoint.epoch, epoch)))
        .orderBy(desc(checkpoint.size))
        .limit(1);
      return rows[0];
    },
    checkpoints: (name, epoch) =>
      db
        .select({ size: checkpoint.size, note: checkpoint.note })
        .from(checkpoint)
        .where(and(eq(checkpoint.log, name), eq(checkpoint.epoch, epoch)))
        .orderBy(asc(checkpoint.size)),
  };
}

function leafHashes(db: NodePgDatabase, name: string, epoch: number, first: number, count: number): Promise<{ hash: Uint8Array }[]> {
  const { log, position, hash } = logLeaf;
  return db
    .select({ hash })
    .from(logLeaf)
    .where(and(eq(log, name), eq(logLeaf.epoch, epoch), gte(position, first), lt(position, first + count)))
    .orderBy(asc(position));
}

function tileHashes(
  db: NodePgDatabase,
  name: string,
  epoch: number,
  tileLevel: number,
  first: number,
  count: number,
): Promise<{ hash: Uint8Array }[]> {
  const { log, level, idx, hash } = logHash;
  return db
    .select({ hash })
    .from(logHash)
    .where(and(eq(log, name), eq(logHash.epoch, epoch), eq(level, tileLevel), gte(idx, first), lt(idx, first + count)))
    .orderBy(asc(idx));
}
