import { and, asc, desc, eq, isNotNull, type SQL } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { transaction } from '../database/transaction.js';
import type { PeerCheckpoint } from '../records.js';
import type { Witnessing } from '../store.js';
import { peerCheckpoint } from '../tables/log.js';
import { present } from './present.js';

const record = (row: typeof peerCheckpoint.$inferSelect): PeerCheckpoint => present(row);
const columnsOf = (alias: string) => `json_build_object('peer', ${alias}.peer, 'origin', ${alias}.origin, 'size', ${alias}.size,
  'root', encode(${alias}.root, 'hex'), 'note', ${alias}.note, 'at', ${alias}.at)`;
const forksText = `SELECT ${columnsOf('a')} AS one, ${columnsOf('b')} AS other FROM peer_checkpoint a
  JOIN peer_checkpoint b ON b.peer = a.peer AND b.origin = a.origin AND b.size = a.size AND b.root > a.root
  ORDER BY a.peer, a.origin, a.size LIMIT $1`;

type InJson = Omit<PeerCheckpoint, 'root'> & { root: string };
const fromJson = ({ root, ...row }: InJson): PeerCheckpoint => ({ ...row, root: Buffer.from(root, 'hex') });

export function readPeerCheckpoints(db: NodePgDatabase, pool: pg.Pool, now: () => number): Witnessing {
  return {
    peerCheckpoints: async () => {
      const { peer, origin, size } = peerCheckpoint;
      const rows = await db.selectDistinctOn([peer, origin]).from(peerCheckpoint).orderBy(asc(peer), asc(origin), desc(size));
      return rows.map(record);
    },
    peerCheckpoint: async (peer, origin, size) =>
      (await latest(db, peer, origin, size === undefined ? [] : [eq(peerCheckpoint.size, size)]))[0],
    cosigned: async (peer, origin) => (await latest(db, peer, origin, [wasCosigned]))[0],
    keepPeerCheckpoint: async (checkpoint) => {
      const row = { ...checkpoint, at: now() };
      const kept = await db.insert(peerCheckpoint).values(row).onConflictDoNothing().returning({ size: peerCheckpoint.size });
      return kept.length > 0;
    },
    cosign: (checkpoint, old) =>
      transaction(pool, async (client) => {
        // One at a time for each log: of two requests that both grew from the same size, the second one is told so.
        await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('entente witness ' || $1, 0))`, [checkpoint.origin]);
        const within = drizzle(client);
        const [last] = await latest(within, checkpoint.peer, checkpoint.origin, [wasCosigned]);
        if ((last?.size ?? 0) !== old) return { cosigned: false, size: last?.size ?? 0 };
        const at = now();
        const { peer, origin, size, root } = peerCheckpoint;
        await within
          .insert(peerCheckpoint)
          .values({ ...checkpoint, at, cosignedAt: at })
          .onConflictDoUpdate({ target: [peer, origin, size, root], set: { cosignedAt: at } });
        return { cosigned: true, at };
      }),
    cosignedBy: async (witness, epoch) => {
      const text = 'SELECT coalesce(max(size), 0) AS size FROM cosignature WHERE witness = $1 AND epoch = $2';
      const { rows } = await pool.query<{ size: number }>({ name: 'cosigned by', text, values: [witness, epoch] });
      return rows[0]!.size;
    },
    forks: async (limit) => {
      const { rows } = await pool.query<{ one: InJson; other: InJson }>({ name: 'forks', text: forksText, values: [limit] });
      return rows.map(({ one, other }) => [fromJson(one), fromJson(other)]);
    },
  };
}

const wasCosigned = isNotNull(peerCheckpoint.cosignedAt);

async function latest(db: NodePgDatabase, peer: string, origin: string, more: SQL[] = []): Promise<PeerCheckpoint[]> {
  const of = and(eq(peerCheckpoint.peer, peer), eq(peerCheckpoint.origin, origin), ...more);
  const rows = await db.select().from(peerCheckpoint).where(of).orderBy(desc(peerCheckpoint.size), asc(peerCheckpoint.at)).limit(1);
  return rows.map(record);
}
