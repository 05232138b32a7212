import { and, asc, desc, eq, isNull, lt, lte } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { pageOf, positionOf } from '../cursor.js';
import type { SingleReleaseRecord } from '../records.js';
import type { SingleReleases } from '../store.js';
import { singleRelease } from '../tables/single-release.js';
import { present } from './present.js';

const recordOf = (row: typeof singleRelease.$inferSelect): SingleReleaseRecord => present(row);

export function readSingleReleases(db: NodePgDatabase): SingleReleases {
  const find = () => db.select().from(singleRelease).$dynamic();
  return {
    singleRelease: async (statement) => (await find().where(eq(singleRelease.statement, statement))).map(recordOf)[0],
    singleReleases: async ({ after, limit, outcome }) => {
      const inState = outcome === 'undecided' ? isNull(singleRelease.outcome) : outcome && eq(singleRelease.outcome, outcome);
      const rows = await find()
        .where(and(inState, after === undefined ? undefined : lt(singleRelease.position, positionOf(after))))
        .orderBy(desc(singleRelease.position))
        .limit(limit + 1);
      return pageOf(rows, limit, (row) => row.position, recordOf);
    },
    singleReleasesDue: async (now) =>
      (
        await find()
          .where(and(isNull(singleRelease.outcome), lte(singleRelease.confirmBy, now)))
          .orderBy(asc(singleRelease.confirmBy))
      ).map(recordOf),
  };
}
