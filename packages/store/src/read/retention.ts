import { and, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { pageOf, positionOf } from '../cursor.js';
import type { Retention } from '../store.js';
import { kekDestroyed, legalHold } from '../tables/reversal.js';
import { content, contentName, statement, statementName } from '../tables/statement.js';
import { present } from './present.js';
import { statementColumns, statementRecord } from './statements.js';

const held = sql<boolean>`EXISTS (SELECT FROM legal_hold h WHERE h.statement = ${contentName.statement} AND h.lifted_at IS NULL)`;

const recalled = sql<boolean>`EXISTS (SELECT FROM statement_name s JOIN reversal r ON r.target = s.digest AND r.iss = s.iss
  WHERE s.digest = ${contentName.statement} AND r.type = 'recalls')`;

export function readRetention(db: NodePgDatabase): Retention {
  return {
    expired: async (now, limit) =>
      (
        await db
          .select({ ref: contentName.ref })
          .from(contentName)
          .where(and(isNull(contentName.erasedAt), lte(contentName.expiresAt, now), sql`NOT ${held}`))
          .orderBy(contentName.expiresAt)
          .limit(limit)
      ).map((row) => row.ref),
    due: async ({ until, after, limit }) => {
      const { ref, position, expiresAt, reviewAt } = contentName;
      const rows = await db
        .select({ ref, position, expiresAt, reviewAt, held, statement: statementColumns })
        .from(contentName)
        .innerJoin(statementName, eq(statementName.digest, contentName.statement))
        .innerJoin(statement, eq(statement.position, statementName.position))
        .where(
          and(
            isNull(contentName.erasedAt),
            or(lte(expiresAt, until), lte(reviewAt, until)),
            after === undefined ? undefined : gt(position, positionOf(after)),
          ),
        )
        .orderBy(position)
        .limit(limit + 1);
      return pageOf(
        rows,
        limit,
        (row) => row.position,
        ({ position: _, statement, ...row }) => ({ ...present(row), statement: statementRecord(statement) }),
      );
    },
    hold: async (statement) => (await living(db, statement))[0],
    erasuresOf: async (statement) => {
      const rows = await db
        .select({ ref: contentName.ref, erasedAt: contentName.erasedAt, goneAt: kekDestroyed.at })
        .from(contentName)
        .leftJoin(kekDestroyed, eq(kekDestroyed.kekId, contentName.erasedKek))
        .where(and(eq(contentName.statement, statement), isNotNull(contentName.erasedAt)))
        .orderBy(contentName.erasedAt);
      return rows.map(({ erasedAt, ...row }) => ({ ...present(row), erasedAt: erasedAt! }));
    },
    waiting: async (peer, limit) =>
      await db
        .select({ ref: contentName.ref, statement: contentName.statement, recalled, tokens: content.waitingTokens })
        .from(contentName)
        .innerJoin(content, eq(content.position, contentName.position))
        .where(and(eq(contentName.waitsFor, peer), isNull(contentName.erasedAt)))
        .orderBy(contentName.position)
        .limit(limit),
  };
}

async function living(db: NodePgDatabase, digest: string) {
  const { statement, reason, placedBy, placedAt } = legalHold;
  return await db
    .select({ statement, reason, placedBy, placedAt })
    .from(legalHold)
    .where(and(eq(statement, digest), isNull(legalHold.liftedAt)));
}
