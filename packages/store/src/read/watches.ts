import { and, desc, eq, getTableColumns, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { pageOf, positionOf } from '../cursor.js';
import { transaction } from '../database/transaction.js';
import type { WatchRecord } from '../records.js';
import type { Watches } from '../store.js';
import { contentName, statement } from '../tables/statement.js';
import { watch, watchHit } from '../tables/watch.js';
import { statementColumns, statementRecord } from './statements.js';

/** Positions of statements that one transaction holds against a list. */
const slice = 50_000;

function watchRecord(row: typeof watch.$inferSelect): WatchRecord {
  const { position: _position, ciphertext, wrappedKey, kekId, baseline, past, ...rest } = row;
  const sealed = ciphertext && wrappedKey && kekId ? { ciphertext, wrappedKey, kekId } : undefined;
  return { ...rest, complete: past >= baseline, ...(sealed && { sealed }) };
}

export function readWatches(db: NodePgDatabase, pool: pg.Pool, now: () => number): Watches {
  const active = eq(watch.state, 'active');
  return {
    watch: async (id) =>
      (
        await db
          .select()
          .from(watch)
          .where(and(active, eq(watch.id, id)))
      ).map(watchRecord)[0],
    watches: async ({ after, limit }) => {
      const rows = await db
        .select()
        .from(watch)
        .where(and(active, after === undefined ? undefined : lt(watch.position, positionOf(after))))
        .orderBy(desc(watch.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.position, watchRecord);
    },
    watchHits: async (id, { after, limit, reader }) => {
      const rows = await db
        .select({ content: watchHit.content, fields: watchHit.fields, ref: contentName.ref, statement: statementColumns })
        .from(watchHit)
        .innerJoin(statement, eq(statement.position, watchHit.position))
        .innerJoin(contentName, and(eq(contentName.statement, statement.digest), eq(contentName.position, watchHit.content)))
        .where(
          and(eq(watchHit.watch, id), usableBy(reader, now()), after === undefined ? undefined : lt(watchHit.content, positionOf(after))),
        )
        .orderBy(desc(watchHit.content))
        .limit(limit + 1);
      return pageOf(
        rows,
        limit,
        (row) => row.content,
        ({ ref, fields, statement }) => ({ ref, fields, statement: statementRecord(statement) }),
      );
    },
    flags: async (refs, reader) => {
      if (refs.length === 0) return [];
      const rows = await db
        .select({ ref: contentName.ref, fields: watchHit.fields, watch: getTableColumns(watch) })
        .from(contentName)
        .innerJoin(watchHit, eq(watchHit.content, contentName.position))
        .innerJoin(watch, and(eq(watch.id, watchHit.watch), active))
        .innerJoin(statement, eq(statement.position, watchHit.position))
        .where(and(inArray(contentName.ref, refs), usableBy(reader, now())))
        .orderBy(watch.position);
      return rows.map((row) => ({ ref: row.ref, fields: row.fields, watch: watchRecord(row.watch) }));
    },
    matchPast: () => transaction(pool, (client) => matchSlice(client, now())),
  };
}

/** That something matched is told of the content: to those who may use it, while it may be used. */
const usableBy = (reader: string, at: number): SQL =>
  sql`(${statement.own} OR (${statement.validUntil} > ${at} AND EXISTS (SELECT FROM inbox i JOIN received r ON r.position = i.position
    WHERE i.digest = ${contentName.ref} AND i.verdict = 'held' AND r.retain_until > ${at} AND (r.readers IS NULL OR r.readers::jsonb ? ${reader}))))`;

/** The row's lock is the claim: another process takes another list, and what a crash leaves undone is done again. */
async function matchSlice(client: pg.ClientBase, at: number): Promise<boolean> {
  const { rows } = await client.query<{ id: string; baseline: number; past: number }>(behindText);
  const [list] = rows;
  if (list === undefined) return false;
  const end = Math.min(list.baseline, list.past + slice);
  await client.query({ name: 'match the past', text: matchText, values: [list.id, list.past, end, list.baseline, at] });
  await client.query('UPDATE watch SET past = $2 WHERE id = $1', [list.id, end]);
  return true;
}

const behindText = `SELECT id, baseline, past FROM watch WHERE past < baseline ORDER BY position LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`;

/** From the list into the index of tokens; only what may still be used. */
const matchText = `INSERT INTO watch_hit (watch, content, position, fields)
  SELECT $1, e.content, e.position, array_agg(DISTINCT f)
  FROM (
    SELECT t.content, t.position, array_agg(w.field) AS fields
    FROM watch_token w CROSS JOIN LATERAL (
      SELECT position, content FROM token WHERE token = w.token AND position > $2 AND position <= $3 AND content < $4 OFFSET 0) AS t
    WHERE w.watch = $1
    GROUP BY t.content, t.position, w.entry, w.parts HAVING count(DISTINCT w.part) = w.parts
  ) AS e CROSS JOIN unnest(e.fields) AS f
  JOIN statement s ON s.position = e.position AND s.valid_until > $5
  JOIN content c ON c.position = e.content
  LEFT JOIN inbox i ON i.digest = c.ref AND i.verdict = 'held'
  LEFT JOIN received r ON r.position = i.position
  WHERE s.own OR r.retain_until > $5
  GROUP BY e.content, e.position
  ON CONFLICT DO NOTHING`;
