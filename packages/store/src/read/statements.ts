import { and, desc, eq, getTableColumns, gt, isNull, lt, lte, not, type SQL, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Digest, ReversalType, SealedContent } from '../act.js';
import { pageOf, positionOf } from '../cursor.js';
import type { StatementFilter, StatementRecord } from '../records.js';
import type { Statements } from '../store.js';
import { contentName, statement, statementName } from '../tables/statement.js';
import { gathered } from './gathered.js';
import { present } from './present.js';

type Reversals = { type: ReversalType; by: string; whole: boolean }[] | null;

/** With what the same originator has said of it since. */
export const statementColumns = {
  ...getTableColumns(statement),
  reversals: sql<Reversals>`(SELECT json_agg(json_build_object('type', r.type, 'by', encode(r.statement, 'hex'), 'whole', r.parts = '') ORDER BY r.position)
    FROM reversal r WHERE r.target = ${statement.digest} AND r.iss = ${statement.iss})`,
};

export function statementRecord({ reversals, ...row }: typeof statement.$inferSelect & { reversals: Reversals }): StatementRecord {
  const said = (reversals ?? []).map(({ by, ...rest }) => ({ ...rest, by: Buffer.from(by, 'hex').toString('base64url') }));
  return { ...present(row), claims: row.claims, reversals: said };
}

const isReversed = (type: ReversalType): SQL =>
  sql`EXISTS (SELECT FROM reversal r WHERE r.target = ${statement.digest} AND r.iss = ${statement.iss} AND r.type = ${type} AND (r.parts = '' OR r.type <> 'recalls'))`;

/** What an open claim says of a statement, and the clock of it. */
export function openClaims({ own, exercise, state, now }: StatementFilter & { now: number }): SQL | undefined {
  const recalled = isReversed('recalls');
  const superseded = and(isReversed('supersedes'), not(recalled));
  const stands = and(not(recalled), not(isReversed('supersedes')));
  const inState = {
    RELEASED: and(gt(statement.validFrom, now), stands),
    IN_FORCE: and(lte(statement.validFrom, now), gt(statement.validUntil, now), stands),
    EXPIRED: and(lte(statement.validUntil, now), stands),
    SUPERSEDED: superseded,
    RECALLED: recalled,
  };
  return and(
    own === undefined ? undefined : eq(statement.own, own),
    exercise === undefined ? undefined : eq(statement.exercise, exercise),
    state === undefined ? undefined : inState[state],
  );
}

/** One parameter, however many are asked for. */
const contentsText = `SELECT n.ref, c.ciphertext, c.wrapped_key AS "wrappedKey", c.kek_id AS "kekId"
  FROM content_name n JOIN content c ON c.position = n.position WHERE n.ref = ANY ($1::bytea[])`;

export function readStatements(db: NodePgDatabase, pool: pg.Pool, now: () => number): Statements {
  const byDigest = db
    .select(statementColumns)
    .from(statementName)
    .innerJoin(statement, eq(statement.position, statementName.position))
    .where(eq(statementName.digest, sql.param(sql.placeholder('digest'), statementName.digest)))
    .prepare('statement by digest');
  const contentOf = gathered(
    (ref: Digest) => ref,
    async (refs) => {
      const values = [refs.map((ref) => Buffer.from(ref, 'base64url'))];
      const { rows } = await pool.query<SealedContent & { ref: Buffer }>(contentsText, values);
      return new Map(rows.map(({ ref, ...sealed }) => [ref.toString('base64url'), sealed]));
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
        .select(statementColumns)
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
