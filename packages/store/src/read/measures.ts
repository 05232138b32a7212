import type pg from 'pg';

/** How much waits and how much there is: numbers for whoever watches the node. */
export interface Measures {
  /** Feeds to the peers. */
  feeds: { peer: string; released: number; queued: number; refused: number; oldestQueuedAt: number | null }[];
  quarantined: number;
  /** What one officer released alone, by what became of it. */
  singleReleases: { outcome: string; count: number }[];
  /** Webhooks by state, without those that were removed. */
  webhooks: { state: string; count: number }[];
  logs: { log: string; epoch: number; size: number; checkpointAt: number | null }[];
  pool: { total: number; idle: number; waiting: number };
}

const feedsText = `SELECT h.name AS peer, h.size AS released,
  (SELECT count(*) FROM offer o WHERE o.peer = h.name AND o.state = 'queued') AS queued,
  (SELECT count(*) FROM offer o WHERE o.peer = h.name AND o.state = 'refused') AS refused,
  (SELECT min(r.iat) FROM offer o JOIN release r USING (peer, epoch, position) WHERE o.peer = h.name AND o.state = 'queued') AS "oldestQueuedAt"
  FROM head h WHERE h.rank = 0 ORDER BY 1`;
const quarantinedText = `SELECT count(*) AS quarantined FROM inbox WHERE verdict = 'quarantined'`;
const singleReleasesText = `SELECT coalesce(outcome, 'undecided') AS outcome, count(*) AS count FROM single_release GROUP BY 1 ORDER BY 1`;
const webhooksText = `SELECT state, count(*) AS count FROM webhook WHERE state <> 'removed' GROUP BY state ORDER BY 1`;
const logsText = `SELECT h.name AS log, h.epoch, h.size, (SELECT max(at) FROM checkpoint c WHERE c.log = h.name AND c.epoch = h.epoch) AS "checkpointAt"
  FROM head h WHERE h.rank >= 2 ORDER BY 1`;

export async function readMeasures(pool: pg.Pool): Promise<Measures> {
  const [feeds, quarantined, singleReleases, webhooks, logs] = await Promise.all([
    pool.query<Measures['feeds'][number]>(feedsText),
    pool.query<{ quarantined: number }>(quarantinedText),
    pool.query<Measures['singleReleases'][number]>(singleReleasesText),
    pool.query<Measures['webhooks'][number]>(webhooksText),
    pool.query<Measures['logs'][number]>(logsText),
  ]);
  return {
    feeds: feeds.rows,
    quarantined: quarantined.rows[0]!.quarantined,
    singleReleases: singleReleases.rows,
    webhooks: webhooks.rows,
    logs: logs.rows,
    pool: { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount },
  };
}
