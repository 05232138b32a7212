import { and, desc, eq, getTableColumns, isNull, lt, or, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { lockRecords } from '../commit/heads.js';
import { pageOf, positionOf } from '../cursor.js';
import { planAnew, preparedOn } from '../database/prepared.js';
import { askAsPeer, asPeer } from '../database/transaction.js';
import type { ReleaseRecord } from '../records.js';
import type { Outgoing } from '../store.js';
import { offer, release } from '../tables/outgoing.js';
import { present } from './present.js';

const { state, code, offeredAt, receipt, receiptAt, verdict, record } = offer;
/** Also a part of it: which release may go without that part is for an officer to say. */
const recalled = sql<boolean>`EXISTS (SELECT FROM reversal r JOIN statement_name n ON n.digest = r.target AND n.iss = r.iss
  WHERE r.target = ${offer.statement} AND r.type = 'recalls')`;
const confirmBy = sql<
  number | null
>`(SELECT s.confirm_by FROM single_release s WHERE s.statement = ${offer.statement} AND s.outcome IS NULL)`.mapWith(Number);
const columns = { ...getTableColumns(release), state, code, offeredAt, receipt, receiptAt, verdict, record, recalled, confirmBy };

const selectReleases = (db: NodePgDatabase) =>
  db
    .select(columns)
    .from(offer)
    .innerJoin(release, and(eq(release.peer, offer.peer), eq(release.epoch, offer.epoch), eq(release.position, offer.position)))
    .$dynamic();

type Row = Awaited<ReturnType<typeof selectReleases>>[number];

const queued = preparedOn((db) =>
  selectReleases(db)
    .where(
      and(
        eq(offer.peer, sql.placeholder('peer')),
        sql`${offer.state} = 'queued'`,
        or(isNull(offer.offeredAt), sql`NOT ${offer.kind} = ANY (${sql.placeholder('without')}::text[])`),
      ),
    )
    .orderBy(offer.urgency, offer.epoch, offer.position)
    .limit(sql.placeholder('limit'))
    .prepare(planAnew),
);

function releaseRecord(row: Row): ReleaseRecord {
  const { peer, releasedBy, chain: _chain, record: _record, author: _author, secondOfficer: _secondOfficer, ...rest } = present(row);
  return { ...rest, to: peer, by: releasedBy };
}

type Releases = Pick<
  Outgoing,
  'releasesOf' | 'offers' | 'markOffered' | 'releaseByJti' | 'acknowledge' | 'requeue' | 'deadLetter' | 'deadLetters'
>;

export function readReleases(db: NodePgDatabase, pool: pg.Pool, now: () => number): Releases {
  return {
    releasesOf: async (statement) => (await selectReleases(db).where(eq(offer.statement, statement)).orderBy(record)).map(releaseRecord),
    offers: async (peer, limit, without = []) =>
      (await askAsPeer(pool, peer, (client) => queued(client).execute({ peer, limit, without }))).map(releaseRecord),
    markOffered: async (peer, offers) => {
      if (offers.length === 0) return;
      const values = [peer, offers.map(({ epoch }) => epoch), offers.map(({ position }) => position), now()];
      await askAsPeer(pool, peer, (client) => client.query(offeredText, values));
    },
    releaseByJti: (peer, jti) =>
      asPeer(pool, peer, async (client) => {
        const rows = await selectReleases(drizzle(client)).where(and(eq(offer.peer, peer), eq(offer.jti, jti)));
        return rows.map(releaseRecord)[0];
      }),
    acknowledge: async (peer, { jtis, refused }) => {
      const named = [...jtis, ...refused.map((item) => item.jti)];
      const waiting = { name: 'queued of', text: queuedOfText, values: [peer, named] };
      const { rowCount } = await askAsPeer(pool, peer, (client) => client.query(waiting));
      if (rowCount === 0) return; // receipts have said it already: the usual case
      await asPeer(pool, peer, async (client) => {
        await lockRecords(client);
        const values = [peer, named, [...jtis.map(() => null), ...refused.map((item) => item.code)]];
        await client.query({ name: 'acknowledge', text: acknowledgeText, values });
      });
    },
    requeue: (peer, epoch, after, kinds) =>
      asPeer(pool, peer, async (client) => {
        await lockRecords(client);
        const { rowCount } = await client.query(requeueText, [peer, epoch, after, kinds ?? null]);
        await wakeFeed(client, peer);
        return rowCount ?? 0;
      }),
    deadLetter: async (digest) => (await selectReleases(db).where(and(isDead, eq(offer.digest, digest)))).map(releaseRecord)[0],
    deadLetters: async ({ after, limit }) => {
      const rows = await selectReleases(db)
        .where(and(isDead, after === undefined ? undefined : lt(record, positionOf(after))))
        .orderBy(desc(record))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.record, releaseRecord);
    },
  };
}

/** Refused, and not released to the same partner again since. */
const isDead = sql`${offer.state} = 'refused' AND NOT EXISTS (
  SELECT FROM offer later WHERE later.statement = ${offer.statement} AND later.peer = ${offer.peer} AND later.record > ${offer.record})`;

async function wakeFeed(client: pg.ClientBase, peer: string): Promise<void> {
  await client.query(`SELECT pg_notify('entente', $1)`, [JSON.stringify({ kind: 'feed', peer })]);
}

/**
 * Rows that a commit is changing at this moment are passed over: nobody waits for anybody, and the next offering marks them. No flush to
 * disk: if the mark is lost in a crash, it is offered and marked again.
 */
const offeredText = `WITH fast AS (SELECT set_config('synchronous_commit', 'off', true)),
  free AS MATERIALIZED (
    SELECT o.epoch, o.position FROM unnest($2::integer[], $3::bigint[]) AS n (epoch, position)
      JOIN offer o ON o.peer = $1 AND o.epoch = n.epoch AND o.position = n.position
    WHERE o.offered_at IS NULL FOR UPDATE OF o SKIP LOCKED)
  UPDATE offer o SET offered_at = $4 FROM fast, free WHERE o.peer = $1 AND o.epoch = free.epoch AND o.position = free.position`;

const queuedOfText = `SELECT FROM offer WHERE peer = $1 AND jti = ANY ($2::text[]) AND state = 'queued' LIMIT 1`;

/** What a signed receipt said stands; an acknowledgement without one is taken at its word until a receipt comes. */
const acknowledgeText = `UPDATE offer o SET state = coalesce(o.verdict, CASE WHEN a.code IS NULL THEN 'held' ELSE 'refused' END),
    code = CASE WHEN o.verdict IS NULL THEN a.code ELSE o.code END
  FROM unnest($2::text[], $3::text[]) AS a (jti, code) WHERE o.peer = $1 AND o.jti = a.jti AND o.state = 'queued'`;

const requeueText = `UPDATE offer SET state = 'queued'
  WHERE peer = $1 AND epoch = $2 AND position > $3 AND state NOT IN ('void', 'queued') AND ($4::text[] IS NULL OR kind = ANY ($4))`;
