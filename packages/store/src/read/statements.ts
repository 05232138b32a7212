import { and, desc, eq, getTableColumns, gt, inArray, isNull, lt, lte, type SQL, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Digest } from '../act.js';
import { pageOf, positionOf } from '../cursor.js';
import type { StatementFilter, StatementRecord } from '../records.js';
import type { Statements } from '../store.js';
import { content, contentName, statement, statementName } from '../tables/statement.js';
import { gathered } from './gathered.js';
import { present } from './present.js';

export const statementColumns = getTableColumns(statement);

export function statementRecord(row: typeof statement.$inferSelect): StatementRecord {
  return { ...present(row), claims: row.claims };
}

/** What an open claim says of a statement, and the clock of it. */
export function openClaims({ own, exercise, state, now }: StatementFilter & { now: number }): SQL | undefined {
  const inState = {
    RELEASED: gt(statement.validFrom, now),
    IN_FORCE: and(lte(statement.validFrom, now), gt(statement.validUntil, now)),
    EXPIRED: lte(statement.validUntil, now),
  };
  return and(
    own === undefined ? undefined : eq(statement.own, own),
    exercise === undefined ? undefined : eq(statement.exercise, exercise),
    state === undefined ? undefined : inState[state],
  );
}

export function readStatements(db: NodePgDatabase, now: () => number): Statements {
  const byDigest = db
    .select(statementColumns)
    .from(statementName)
    .innerJoin(statement, eq(statement.position, statementName.position))
    .where(eq(statementName.digest, sql.param(sql.placeholder('digest'), statementName.digest)))
    .prepare('statement by digest');
  const contentOf = gathered(
    (ref: Digest) => ref,
    async (refs) => {
      const rows = await db
        .select({ ref: contentName.ref, ciphertext: content.ciphertext, wrappedKey: content.wrappedKey, kekId: content.kekId })
        .from(contentName)
        .innerJoin(content, eq(content.position, contentName.position))
        .where(inArray(contentName.ref, refs));
      return new Map(rows.map(({ ref, ...sealed }) => [ref, sealed]));
    },
  );

  return {
    statement: async (digest) => {
      const [row] = await byDigest.execute({ digest });
      return row && statementRecord(row);
    },
    statements: async ({ after, limit, kind, iss, ...claims }) => {
      const conditions: (SQL | undefined)[] = [
        after === undefined ? undefined : lt(statement.position, positionOf(after)),
        openClaims({ ...claims, now: now() }),
        kind === undefined ? undefined : eq(statement.kind, kind),
        iss === undefined ? undefined : eq(statement.iss, iss),
      ];
      const rows = await db
        .select()
        .from(statement)
        .where(and(...conditions))
        .orderBy(desc(statement.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.position, statementRecord);
    },
    content: contentOf,
    contentRefs: async (digest) => {
      const rows = await db
        .select({ ref: contentName.ref })
        .from(contentName)
        .where(and(eq(contentName.statement, digest), isNull(contentName.erasedAt)))
        .orderBy(contentName.position);
      return rows.map((row) => row.ref);
    },
  };
}
