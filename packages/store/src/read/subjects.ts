import { and, asc, desc, eq, isNull, lt, lte, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { pageOf, positionOf } from '../cursor.js';
import type { SubjectRequestRecord } from '../records.js';
import type { Subjects } from '../store.js';
import { statement, statementName } from '../tables/statement.js';
import { subjectFinding, subjectRequest } from '../tables/subject.js';
import { draft } from '../tables/work.js';
import { present } from './present.js';
import { statementColumns, statementRecord } from './statements.js';

function requestRecord(row: typeof subjectRequest.$inferSelect): SubjectRequestRecord {
  const { position: _, ciphertext, wrappedKey, kekId, ...rest } = present(row);
  return { ...rest, ...(ciphertext && wrappedKey && kekId !== undefined && { sealed: { ciphertext, wrappedKey, kekId } }) };
}

export function readSubjects(db: NodePgDatabase, pool: pg.Pool, now: () => number): Subjects {
  const { id, position, state, dueAt, answeredAt } = subjectRequest;
  return {
    subjectRequest: async (name) => (await db.select().from(subjectRequest).where(eq(id, name))).map(requestRecord)[0],
    subjectRequests: async ({ after, limit, state: asked, dueBy }) => {
      const conditions = [
        after === undefined ? undefined : lt(position, positionOf(after)),
        asked === undefined ? undefined : eq(state, asked),
        dueBy === undefined ? undefined : and(isNull(answeredAt), lte(dueAt, dueBy)),
      ];
      const rows = await db
        .select()
        .from(subjectRequest)
        .where(and(...conditions))
        .orderBy(desc(position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.position, requestRecord);
    },
    subjectsDue: async (by) =>
      await db
        .select({ id, dueAt })
        .from(subjectRequest)
        .where(and(isNull(answeredAt), lte(dueAt, by)))
        .orderBy(asc(dueAt)),
    subjectFindings: async (request) => {
      const { concerns, comparedBy, unreachable, referral, draft: draftId } = subjectFinding;
      const asked = sql<string | null>`coalesce(${referral}, ${draft.statement})`.mapWith(referral);
      const rows = await db
        .select({
          concerns,
          comparedBy,
          unreachable,
          referral: asked,
          draft: draftId,
          draftState: draft.state,
          statement: statementColumns,
        })
        .from(subjectFinding)
        .innerJoin(statementName, eq(statementName.digest, subjectFinding.statement))
        .innerJoin(statement, eq(statement.position, statementName.position))
        .leftJoin(draft, eq(draft.id, subjectFinding.draft))
        .where(eq(subjectFinding.request, request))
        .orderBy(asc(subjectFinding.position));
      return rows.map(({ statement: found, ...row }) => ({ ...present(row), statement: statementRecord(found) }));
    },
    forgetSubjects: async (before) => {
      const { rows } = await pool.query<{ id: string }>('SELECT forget_subjects AS id FROM forget_subjects($1, $2)', [before, now()]);
      return rows.map((row) => row.id);
    },
  };
}
