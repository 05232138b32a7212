import type pg from 'pg';
import type { Act, Committed } from '../act.js';
import { StoreError, storeError } from '../error.js';
import { appendLeaves } from '../log/append.js';
import { appendAccess } from '../log/append-access.js';
import { atRandom, blockSize } from '../log/block.js';
import type { Partitions } from '../partitions.js';
import { groups } from './groups.js';
import { type Holding, readHolding, requireHolding } from './guards.js';
import { copyOf, ensureHeads, type Heads, lockHeads, moveHeads } from './heads.js';
import { IdempotencyKeys } from './idempotency.js';
import { Plan, type Writer } from './plan.js';

export interface BatchTools {
  pool: pg.Pool;
  /** Connections in pipeline mode. */
  commits: pg.Pool;
  partitions: Partitions;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  /** Feeds whose heads are known to be there. */
  knownFeeds: Set<string>;
}

/** Of each act, in order: what was committed, or why not. */
export type Outcome = Committed | StoreError;

/** What the database knows of the batch, read under the locks. Each attempt at planning begins from it anew. */
interface Known {
  at: number;
  heads: Heads;
  holding: Holding;
  keys: () => IdempotencyKeys;
  writers: (() => Writer<Act>)[];
}

interface Planned {
  plan: Plan;
  keys: IdempotencyKeys;
  writers: Writer<Act>[];
  outcomes: Outcome[];
}

/**
 * One transaction for all the acts. An act that cannot be is left out and has its StoreError as outcome.
 * @throws whatever the database refuses when rows are written: then nothing of the batch is stored
 */
export async function commitBatch(tools: BatchTools, acts: readonly Act[]): Promise<Outcome[]> {
  await makeFeeds(tools, acts);
  const client = await tools.commits.connect();
  let broken: Error | undefined;
  try {
    const known = await readKnown(client, tools, acts);
    const planned = plan(known, tools.random, acts);
    if (planned.outcomes.some(isNew)) await makePartitions(client, tools, planned);
    await sendAll(client, planned.outcomes.some(isNew) ? writes(tools, planned) : [{ text: 'COMMIT' }]);
    return planned.outcomes;
  } catch (error) {
    tools.partitions.forget();
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

const isNew = (outcome: Outcome) => !(outcome instanceof StoreError) && outcome.replayed === undefined;
const peersOf = (acts: readonly Act[]) => [...new Set(acts.flatMap((act) => act.releases ?? []).map((release) => release.to))];

/** Before the transaction: a new row of "head" could only be locked out of order. */
async function makeFeeds({ pool, knownFeeds }: BatchTools, acts: readonly Act[]): Promise<void> {
  const missing = peersOf(acts).filter((peer) => !knownFeeds.has(peer));
  if (missing.length === 0) return;
  await ensureHeads(pool, missing);
  for (const peer of missing) knownFeeds.add(peer);
}

/** All in one round trip: what is sent after the locks is executed once they are held. */
async function readKnown(client: pg.ClientBase, { now }: BatchTools, acts: readonly Act[]): Promise<Known> {
  const used = groups.map((group) => ({ group, users: acts.filter(group.uses) })).filter(({ users }) => users.length > 0);
  const [, heads, holding, keys, ...writers] = await Promise.all([
    client.query('BEGIN'),
    lockHeads(client, peersOf(acts)),
    readHolding(client, acts, now()),
    IdempotencyKeys.read(client, acts),
    ...used.map(({ group, users }) => group.open(client, users)),
  ]);
  // Under the locks: times in the log follow its order, as far as the clocks of the processes agree.
  return { at: now(), heads, holding, keys, writers };
}

/** An act that fails may have left traces in the plan, so the plan is made again without it: rare, and only computing. */
function plan(known: Known, random: BatchTools['random'], acts: readonly Act[]): Planned {
  const failed = new Map<number, StoreError>();
  for (;;) {
    const planned = begin(known, random);
    const bad = acts.findIndex((act, i) => {
      const outcome = failed.get(i) ?? planOne(planned, known.holding, act);
      planned.outcomes.push(outcome);
      return outcome instanceof StoreError && !failed.has(i) && failed.set(i, outcome);
    });
    if (bad < 0) return planned;
  }
}

function begin({ at, heads, keys, writers }: Known, random: BatchTools['random']): Planned {
  return { plan: new Plan(at, copyOf(heads), random), keys: keys(), writers: writers.map((open) => open()), outcomes: [] };
}

function planOne({ plan, keys, writers }: Planned, holding: Holding, act: Act): Outcome {
  const committed: Committed = { at: plan.at, releases: [] };
  try {
    const replayed = keys.replay(act);
    if (replayed !== undefined) return { ...committed, replayed };
    requireHolding(act, holding);
    for (const writer of writers) writer.add(act, plan, committed);
    keys.keep(act, committed);
    return committed;
  } catch (error) {
    return storeError(error);
  }
}

async function makePartitions(client: pg.ClientBase, { partitions }: BatchTools, { plan }: Planned): Promise<void> {
  const { heads, leaves, access } = plan;
  const { exchange } = heads.logs;
  await partitions.reach(client, {
    record: heads.records,
    feed: Math.max(0, ...[...heads.feeds.values()].map((feed) => feed.size)),
    log: Math.max(
      exchange.frontier.size + exchange.open.size + leaves.length + blockSize.exchange,
      heads.logs.access.frontier.size + access.length,
    ),
  });
}

function* writes({ random }: BatchTools, { plan, keys, writers }: Planned): Iterable<pg.QueryConfig> {
  const { at, heads, leaves, access } = plan;
  for (const writer of writers) yield* writer.queries();
  yield* keys.queries();
  yield* appendLeaves(heads.logs.exchange, leaves, atRandom(random));
  yield* appendAccess(heads.logs.access, access, at, random);
  yield moveHeads(heads);
  yield* notifications(plan);
  yield { text: 'COMMIT' };
}

/** PostgreSQL delivers at the commit, and only then. */
function notifications({ events }: Plan): pg.QueryConfig[] {
  if (events.size === 0) return [];
  const payloads = [...events.values()].map((event) => JSON.stringify(event));
  return [{ name: 'notify', text: `SELECT pg_notify('entente', p) FROM unnest($1::text[]) AS p`, values: [payloads] }];
}

/**
 * Sends one after the other without waiting for answers: the database works on one while the next is encoded. If one fails, the server
 * refuses all that follow, and takes the COMMIT for a ROLLBACK.
 */
async function sendAll(client: pg.ClientBase, queries: Iterable<pg.QueryConfig>): Promise<void> {
  const answers: Promise<unknown>[] = [];
  try {
    for (const query of queries) answers.push(client.query(query));
  } finally {
    await Promise.all(answers);
  }
}
