import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { Claims } from './claims.js';
import { Gather } from './commit/gather.js';
import { ensureHeads } from './commit/heads.js';
import { openPool } from './database/pool.js';
import { epochOpener } from './epoch/open.js';
import { CallerError, storeError } from './error.js';
import { checkpointCutter } from './log/checkpoint.js';
import { readCheckpoints } from './log/checkpoints.js';
import { readLogs } from './log/read.js';
import { checkSchema } from './migrate.js';
import { Partitions } from './partitions.js';
import { readAgreements } from './read/agreements.js';
import { readAnswers } from './read/answers.js';
import { readAttachments } from './read/attachments.js';
import { readAudit } from './read/audit.js';
import { readFeeds } from './read/feeds.js';
import { readFeedsIn } from './read/feeds-in.js';
import { readHappenings } from './read/happenings.js';
import { readMeasures } from './read/measures.js';
import { readParties } from './read/parties.js';
import { readPeerCheckpoints } from './read/peer-checkpoints.js';
import { readQuarantine } from './read/quarantine.js';
import { readReceipts } from './read/receipts.js';
import { readReceived } from './read/received.js';
import { readReleases } from './read/releases.js';
import { readRetention } from './read/retention.js';
import { readReversals } from './read/reversals.js';
import { readSearch } from './read/search.js';
import { readSingleReleases } from './read/single-releases.js';
import { readStatements } from './read/statements.js';
import { readSubjects } from './read/subjects.js';
import { readWatches } from './read/watches.js';
import { readWebhooks } from './read/webhooks.js';
import { readWork } from './read/work.js';
import { readWrappedKeys } from './read/wrapped-keys.js';
import type { Store } from './store.js';
import { Wake } from './wake.js';

export interface StoreOptions {
  /** The application's role: it adds to history and cannot change it. */
  url: string;
  applicationName?: string;
  /** Connections for reading; one more commits, and two are held for notifications and claims. */
  poolSize?: number;
  /** Seconds since the epoch. */
  now: () => number;
  random: (bytes: number) => Uint8Array;
  /** A replica for open claims, logs and audit; `url` by default. */
  readUrl?: string;
}

/**
 * Opens a node's database, and its first epoch if there is none.
 * @throws {StoreError} `schema_older`, `schema_newer`, `unavailable`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { now, random, poolSize = 10 } = options;
  const connection = { url: options.url, applicationName: options.applicationName ?? 'entente' };
  const pool = openPool(connection, poolSize);
  const replica = options.readUrl === undefined ? pool : openPool({ ...connection, url: options.readUrl }, poolSize);
  // A batch at a time is enough: the next one could only wait for the locks of the one before.
  const commits = openPool(connection, 1);
  const pools = new Set([pool, replica, commits]);
  try {
    await checkSchema(pool);
    await openFirstEpoch(pool, now());
  } catch (error) {
    await Promise.all([...pools].map((each) => each.end()));
    throw storeError(error);
  }
  const tools = { pool, commits, partitions: new Partitions(), now, random, knownFeeds: new Set<string>() };
  const gather = new Gather(tools);
  const wake = new Wake(connection);
  const claims = new Claims(connection);
  const db = drizzle(pool);
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    await gather.close();
    await Promise.all([wake.close(), claims.close()]);
    await Promise.all([...pools].map((each) => each.end()));
  }
  return {
    ...withStoreErrors({
      ...readStatements(drizzle(replica), replica, now),
      ...readAttachments(pool, now),
      ...readSearch(drizzle(replica), replica),
      ...readWatches(db, pool, now),
      ...readReleases(db, pool, now),
      ...readFeeds(pool, () => currentEpoch(pool), now),
      ...readReceived(db, pool, now),
      ...readReceipts(db),
      ...readFeedsIn(db),
      ...readQuarantine(db, pool, now),
      ...readParties(db),
      ...readAgreements(db, now),
      ...readWork(db),
      ...readSingleReleases(db),
      ...readReversals(db, pool),
      ...readAnswers(pool),
      ...readRetention(db),
      ...readSubjects(db, pool, now),
      ...readWrappedKeys(pool),
      ...readHappenings(pool),
      ...readWebhooks(db),
      ...readLogs(drizzle(replica), replica),
      ...readCheckpoints(pool),
      ...readPeerCheckpoints(db, pool, now),
      ...readAudit(drizzle(replica), replica),
      cutCheckpoint: checkpointCutter(tools),
      openEpoch: epochOpener(tools),
      listen: (onEvent: Parameters<Store['listen']>[0]) => wake.listen(onEvent),
      claim: (name: string) => claims.claim(name),
      measures: () => readMeasures(pool),
      ready: async () => {
        await pool.query('SELECT FROM head WHERE false');
      },
    }),
    commit: (act) => gather.commit(act),
    [Symbol.asyncDispose]: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function openFirstEpoch(pool: pg.Pool, at: number): Promise<void> {
  await pool.query(`INSERT INTO epoch (epoch, opened_at, reason) VALUES (1, $1, 'first') ON CONFLICT DO NOTHING`, [at]);
  await ensureHeads(pool, []);
}

async function currentEpoch(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ epoch: number }>('SELECT max(epoch) AS epoch FROM epoch');
  return rows[0]!.epoch;
}

type Methods = Record<string, (...args: never[]) => Promise<unknown>>;

/** Whatever a query throws reaches the caller as a StoreError; what his own signer throws, as it is. */
function withStoreErrors<T extends Methods>(methods: T): T {
  const wrapped = Object.entries(methods).map(([name, method]) => [
    name,
    async (...args: never[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw error instanceof CallerError ? error.cause : storeError(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
