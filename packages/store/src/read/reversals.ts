import { and, desc, eq, inArray, lt, type SQL } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { pageOf, positionOf } from '../cursor.js';
import type { ReversalRecord } from '../records.js';
import type { Reversals } from '../store.js';
import { compliance, reversal, reversalApplied, reversalDerivative } from '../tables/reversal.js';
import { present } from './present.js';

const reversalRecord = (row: typeof reversal.$inferSelect): ReversalRecord => present(row);

/**
 * Not yet applied to a content that is here, or not answered; the oldest first. What waits for an officer stands among them: a legal hold
 * may have been lifted.
 */
const toDoText = `SELECT r.statement FROM reversal r WHERE r.type <> 'supersedes' AND (
    (r.outcome IS NULL AND NOT r.own) OR (r.outcome = 'EXCEPTION' AND r.kept_until <= $1)
    OR EXISTS (SELECT FROM content_name c JOIN statement_name n ON n.digest = c.statement AND n.iss = r.iss
      WHERE r.type = 'recalls' AND c.statement = r.target AND c.erased_at IS NULL
        AND NOT EXISTS (SELECT FROM reversal_applied a WHERE a.reversal = r.statement AND a.ref = c.ref)))
  ORDER BY r.position`;

export function readReversals(db: NodePgDatabase, pool: pg.Pool): Reversals {
  const find = async (...conditions: (SQL | undefined)[]) =>
    (
      await db
        .select()
        .from(reversal)
        .where(and(...conditions))
        .orderBy(reversal.position)
    ).map(reversalRecord);
  return {
    reversal: async (statement) => (await find(eq(reversal.statement, statement)))[0],
    reversalsOf: async (targets) => (targets.length === 0 ? [] : await find(inArray(reversal.target, targets))),
    reversals: async ({ after, limit, own }) => {
      const rows = await db
        .select()
        .from(reversal)
        .where(
          and(
            inArray(reversal.type, ['recalls', 'corrects']),
            after === undefined ? undefined : lt(reversal.position, positionOf(after)),
            own === undefined ? undefined : eq(reversal.own, own),
          ),
        )
        .orderBy(desc(reversal.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.position, reversalRecord);
    },
    reversalsToDo: async (now) => {
      const { rows } = await pool.query<{ statement: Buffer }>({ name: 'reversals to do', text: toDoText, values: [now] });
      return rows.length === 0
        ? []
        : await find(
            inArray(
              reversal.statement,
              rows.map((row) => row.statement.toString('base64url')),
            ),
          );
    },
    appliedOf: async (statement) =>
      await db
        .select({ ref: reversalApplied.ref, state: reversalApplied.state })
        .from(reversalApplied)
        .where(eq(reversalApplied.reversal, statement)),
    derivativesOf: async (statement) =>
      (await db.select().from(reversalDerivative).where(eq(reversalDerivative.reversal, statement))).map((row) => row.statement),
    compliancesOf: async (statement) => {
      const rows = await db
        .selectDistinctOn([compliance.peer])
        .from(compliance)
        .where(eq(compliance.reversal, statement))
        .orderBy(compliance.peer, desc(compliance.position));
      return rows.map(({ peer, position: _, ...row }) => ({ ...present(row), from: peer }));
    },
  };
}
