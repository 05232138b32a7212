import { and, desc, eq, getTableColumns, lt, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { pageOf, positionOf } from '../cursor.js';
import type { InboxRecord, ReceivedRecord } from '../records.js';
import type { Incoming } from '../store.js';
import { inbox, received } from '../tables/incoming.js';
import { statement, statementName } from '../tables/statement.js';
import { openClaims, statementColumns, statementRecord } from './statements.js';

type Received = Pick<Incoming, 'receivedByJti' | 'received' | 'receivedByDigest'>;

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

export function readReceived(db: NodePgDatabase, now: () => number): Received {
  return {
    // What verified has the name; what only was called by it comes after, the latest first.
    receivedByJti: async (from, jti) => {
      const rows = await selectInbox(db)
        .where(and(eq(inbox.peer, from), eq(inbox.jti, jti)))
        .orderBy(sql`${inbox.verdict} = 'quarantined' OR ${inbox.reused}`, desc(inbox.position))
        .limit(1);
      return rows[0] && receivedRecord(rows[0].received);
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
    receivedByDigest: async (release) => {
      const rows = await selectInbox(db)
        .where(eq(inbox.digest, release))
        .orderBy(sql`${inbox.verdict} <> 'held'`, desc(inbox.position))
        .limit(1);
      return rows[0] && inboxRecord(rows[0]);
    },
  };
}
