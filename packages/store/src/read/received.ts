import { and, desc, eq, getTableColumns, inArray, lt, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Digest, Verdict } from '../act.js';
import { pageOf, positionOf } from '../cursor.js';
import type { InboxRecord, ReceivedRecord } from '../records.js';
import type { Incoming } from '../store.js';
import { inbox, received } from '../tables/incoming.js';
import { contentName, statement, statementName } from '../tables/statement.js';
import { gathered } from './gathered.js';
import { openClaims, statementColumns, statementRecord } from './statements.js';

type Received = Pick<Incoming, 'knownReceived' | 'received' | 'receivedByDigest' | 'receivedOf'>;

const selectInbox = (db: NodePgDatabase) =>
  db
    .select({ received: getTableColumns(received), state: inbox.state, takenBy: inbox.takenBy, statement: statementColumns })
    .from(inbox)
    .innerJoin(received, eq(received.position, inbox.position))
    .leftJoin(statementName, eq(statementName.digest, received.statement))
    .leftJoin(statement, eq(statement.position, statementName.position))
    .$dynamic();

type Row = Awaited<ReturnType<typeof selectInbox>>[number];

function receivedRecord(row: typeof received.$inferSelect): ReceivedRecord {
  const { peer, position: _position, code, ...rest } = row;
  return { ...rest, from: peer, ...(code !== null && { code }) };
}

function inboxRecord({ received, state, takenBy, statement }: Row): InboxRecord {
  return {
    ...receivedRecord(received),
    inboxState: state,
    ...(takenBy !== null && { takenBy }),
    ...(statement !== null && { statementRecord: statementRecord(statement) }),
    position: received.position,
  };
}

/** Of each name the first row, as the order of the query has it. */
function firstOf<R>(rows: Row[], name: (row: Row) => string, record: (row: Row) => R): Map<string, R> {
  const first = new Map<string, R>();
  for (const row of rows) if (!first.has(name(row))) first.set(name(row), record(row));
  return first;
}

const knownText = `SELECT i.digest, i.jti, i.verdict, i.receipt,
    CASE WHEN i.verdict <> 'held' THEN (SELECT r.code FROM received r WHERE r.position = i.position) END AS code
  FROM inbox i WHERE i.peer = $1 AND (i.digest = ANY ($2::bytea[]) OR i.jti = ANY ($3::text[]))
  ORDER BY i.verdict = 'quarantined' OR i.reused, i.position DESC`;

interface KnownRow {
  digest: Buffer;
  jti: string;
  verdict: Verdict;
  receipt: Buffer;
  code: string | null;
}

export function readReceived(db: NodePgDatabase, pool: pg.Pool, now: () => number): Received {
  const byDigest = gathered(
    (digest: Digest) => digest,
    async (digests) => {
      const rows = await selectInbox(db)
        .where(inArray(inbox.digest, digests))
        .orderBy(sql`${inbox.verdict} <> 'held'`, desc(inbox.position));
      return firstOf(rows, ({ received }) => received.digest, inboxRecord);
    },
  );
  return {
    knownReceived: async (from, asked) => {
      const values = [from, asked.map(({ digest }) => Buffer.from(digest, 'base64url')), asked.map(({ jti }) => jti)];
      const { rows } = await pool.query<KnownRow>(knownText, values);
      return rows.map(({ digest, receipt, code, ...row }) => ({
        ...row,
        digest: digest.toString('base64url'),
        receipt: receipt.toString('base64url'),
        ...(code !== null && { code }),
      }));
    },
    received: async ({ after, limit, state, kind, from, verdict, statementState }) => {
      const rows = await selectInbox(db)
        .where(
          and(
            after === undefined ? undefined : lt(inbox.position, positionOf(after)),
            state === undefined ? undefined : eq(inbox.state, state),
            kind === undefined ? undefined : eq(inbox.kind, kind),
            from === undefined ? undefined : eq(inbox.peer, from),
            verdict === undefined ? undefined : eq(inbox.verdict, verdict),
            statementState === undefined ? undefined : openClaims({ state: statementState, now: now() }),
          ),
        )
        .orderBy(desc(inbox.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.received.position, inboxRecord);
    },
    receivedByDigest: byDigest,
    receivedOf: async (digest) => {
      const rows = await db
        .select(getTableColumns(received))
        .from(contentName)
        .innerJoin(inbox, and(eq(inbox.digest, contentName.ref), eq(inbox.verdict, 'held')))
        .innerJoin(received, eq(received.position, inbox.position))
        .where(eq(contentName.statement, digest))
        .orderBy(received.position);
      return rows.map(receivedRecord);
    },
  };
}
