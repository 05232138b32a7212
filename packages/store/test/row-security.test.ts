import pg from 'pg';
import t from 'tap';
import type { Store } from '../src/index.js';
import { anyDigest, issue, peer, peerA, peerB, received, sealed } from './acts.js';
import { startTestServer, type TestDatabase } from './database.js';

const server = await startTestServer();
t.teardown(() => server.stop());

interface Made {
  text: string;
  values: unknown[];
}

/** Texts and values of everything that any store sends within a transaction that is made for the peer. */
function listen(t: { teardown(end: () => void): void }, of: string): Made[] {
  const made: Made[] = [];
  const forPeer = new Set<unknown>();
  const real = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function query(this: pg.Client, ...args: unknown[]) {
    const [config, values] = args as [string | { text: string; values?: unknown[] }, unknown[] | undefined];
    const text = typeof config === 'string' ? config : config.text;
    if (text.startsWith('BEGIN') && text.includes(`entente.peer = '${of}'`)) forPeer.add(this);
    else if (/^(COMMIT|ROLLBACK)/.test(text)) forPeer.delete(this);
    else if (forPeer.has(this) && !text.startsWith('SET '))
      made.push({ text, values: (typeof config === 'string' ? values : (config.values ?? values)) ?? [] });
    return real.apply(this, args);
  } as never;
  t.teardown(() => {
    pg.Client.prototype.query = real as never;
  });
  return made;
}

/** Of the releases to the peer. */
const digests = Array.from({ length: 4 }, anyDigest);

/** The same for the peer in each database, with as much for another between it as `others` says. */
async function lived(database: TestDatabase, others: number): Promise<Store> {
  const store = await database.open();
  await store.commit({ peers: [peer(peerA), peer(peerB)] });
  const between = async () => {
    for (let i = 0; i < others; i += 50) {
      const many = Array.from({ length: Math.min(50, others) }, () => issue([peerB], {}));
      const items = many.map((act) => ({ release: act.releases![0]!.digest, verdict: 'held' as const }));
      await Promise.all(many.map((act) => store.commit(act)));
      await store.commit({
        receiptsHeld: items.map((item) => ({ from: peerB, digest: anyDigest(), jwt: 'receipt', items: [item] })),
        received: items.map(() => received(peerB, 'held')),
        quarantine: [{ from: peerB, release: anyDigest(), code: 'c', reason: 'r', sealed: sealed(), bytes: 64 }],
      });
    }
  };
  for (const [i, digest] of digests.entries()) {
    const act = issue([peerA]);
    act.releases![0]!.jti = `jti-${i}`;
    act.releases![0]!.digest = digest;
    await store.commit(act);
    await between();
    await store.commit({ received: [received(peerA, 'held', { digest: digest.replace(/^./, 'A'), jti: `in-${i}`, jwt: `release ${i}` })] });
    await between();
  }
  return store;
}

/** Whatever the routes for peers ask of the store, in the order of a life. */
async function asked(store: Store): Promise<unknown[]> {
  const answers: unknown[] = [];
  const note = (answer: unknown) => answers.push(answer);
  note((await store.offers(peerA, 3)).map(({ digest }) => digest));
  note((await store.releaseByJti(peerA, 'jti-1'))?.digest);
  note(await store.releaseByJti(peerB, 'jti-1'));
  while (await store.cutPage(peerA, 2, async (page) => JSON.stringify([page.first, page.entries.map(([digest]) => digest)])));
  note(await store.pages(peerA, 1, 1, 10));
  note(await store.pagesAfter(peerA, { epoch: 1, position: 2 }, 10));
  note(await store.acknowledge(peerA, { jtis: ['jti-0'], refused: [{ jti: 'jti-1', code: 'wrong_class' }] }));
  note((({ queued, refused, size, paged }) => ({ queued, refused, size, paged }))(await store.feed(peerA)));
  note(await store.requeue(peerA, 1, 0));
  await store.commit({ voids: [{ to: peerA, epoch: 1, position: 4, digest: digests[3]!, code: 'recalled', jwt: 'void' }] });
  note(await store.voidOf(peerA, 1, 4));
  note(await store.voidsFrom(peerA, 1, 1));
  await store.commit({
    receiptsHeld: digests.slice(0, 3).map((release) => ({
      from: peerA,
      digest: release.replace(/^./, 'B'),
      jwt: `receipt for ${release}`,
      items: [{ release, verdict: 'held' as const }],
    })),
  });
  note(await store.heldOf(peerA));
  for (const list of [store.receiptsFrom, store.releasesFrom]) {
    const first = await list(peerA, { since: 0, limit: 2 });
    note(first);
    note(await list(peerA, { since: 0, limit: 2, after: first.next! }));
  }
  note(await store.pagesIn(peerA, 1, 1, 10));
  note(
    (await store.leavesOfPeer(1, peerA, 0, 100)).map(({ leaf }) => (JSON.parse(Buffer.from(leaf).toString()) as { op: string }).op).sort(),
  );
  return answers;
}

/** Of an index, the condition that finds the rows of the peer only, or one row by what nobody can guess. */
const byItsRows = /(peer|digest|jti)\)?(::\w+)? = /;

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  Filter?: string;
  Plans?: PlanNode[];
}

/** One reading of a table: by which condition on its index, and what sorts out rows then. */
interface Scan {
  table: string;
  way: string;
  filter: string;
}

/** Partitions count as their table. */
function* scans(plan: PlanNode): Generator<Scan> {
  const { Plans = [], Filter = '' } = plan;
  const table = plan['Relation Name']?.replace(/_from_\d+$/, '');
  if (table !== undefined && plan['Node Type'].includes('Scan'))
    yield { table, way: plan['Index Cond'] ?? Plans[0]?.['Index Cond'] ?? plan['Node Type'], filter: Filter };
  for (const inner of Plans) yield* scans(inner);
}

async function explained({ applicationUrl }: TestDatabase, { text, values }: Made): Promise<Scan[]> {
  const client = new pg.Client(applicationUrl);
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL entente.peer = '${peerA}'`);
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values);
    return [...scans(rows[0]!['QUERY PLAN'][0].Plan)];
  } finally {
    await client.end();
  }
}

t.test(
  'F08 what the store does for a peer: neither results nor plans turn with the rows of others, and every way to a row goes by the peer',
  async (t) => {
    const made = listen(t, peerA);
    const [alone, crowded] = await Promise.all([server.database(), server.database()]);
    const answers: unknown[][] = [];
    for (const [database, others] of [
      [alone, 0],
      [crowded, 100],
    ] as const) {
      const store = await lived(database, others);
      await database.owner.query('ANALYZE');
      answers.push(await asked(store));
    }
    t.same(answers[1], answers[0], 'the same answers');

    const { rows } = await alone.owner.query<{ name: string }>('SELECT relname AS name FROM pg_class WHERE relrowsecurity');
    const secured = new Set(rows.map(({ name }) => name));
    const statements = [...new Map(made.map((one) => [one.text, one])).values()];
    t.ok(statements.length >= 18, `${statements.length} statements are made for peers`);
    for (const one of statements) {
      const [few, many] = (await Promise.all([alone, crowded].map((database) => explained(database, one)))) as [Scan[], Scan[]];
      for (const { table, filter } of [...few, ...many])
        if (secured.has(table))
          t.match(filter, /current_setting\('entente.peer'/, `${table} is read under row-level security: ${one.text}`);
      for (const { table, way } of many)
        if (secured.has(table)) t.match(way, byItsRows, `${table} is entered by the peer, or by a name: ${one.text}`);
      const tables = [few, many].map((plan) => [...new Set(plan.map(({ table }) => table))].sort());
      t.same(tables[1], tables[0], `the same tables: ${one.text}`);
    }
  },
);
