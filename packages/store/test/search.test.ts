import t from 'tap';
import type { Act, Digest, NewStatement, Page, SearchCondition, SearchQuestion, StatementRecord, Store, WatchWrite } from '../src/index.js';
import { issue, peerA, received, sealed, self, statement, token } from './acts.js';
import { startTestServer, type TestDatabase } from './database.js';

const server = await startTestServer();
t.teardown(() => server.stop());

const purpose = 'CUSTOMS_CONTROL';
const reader = 'officer-7';
const any = (...words: string[]): SearchCondition => words.map((word) => [[token(word)]]);
const phrase = (...words: string[]): SearchCondition[number] => words.map((word) => [token(word)]);
const digests = (records: StatementRecord[]): Digest[] => records.map((record) => record.digest);

async function whole(
  store: Store,
  clock: TestDatabase['clock'],
  q: Partial<SearchQuestion>,
  between?: () => Promise<unknown>,
): Promise<Digest[]> {
  const found: Digest[] = [];
  let after: string | undefined;
  do {
    const page: Page<StatementRecord> = await store.search({
      conditions: [],
      limit: 100,
      purpose,
      reader,
      now: clock.now,
      ...q,
      ...(after && { after }),
    });
    found.push(...digests(page.items));
    after = page.next;
    await between?.();
  } while (after !== undefined);
  return found;
}

async function commitAll(store: Store, acts: Act[]): Promise<void> {
  for (let i = 0; i < acts.length; i += 1_000) await Promise.all(acts.slice(i, i + 1_000).map((act) => store.commit(act)));
}

/** A statement of a partner under one release per list of words. */
function arrived(
  releases: { words: string[]; purposes: string[]; retainUntil?: number; readers?: string[] }[],
  over: Partial<NewStatement> = {},
): Act {
  const theirs = statement({ own: false, iss: peerA, ...over });
  const items = releases.map(({ purposes, retainUntil = 1_900_000_000, readers = null }) =>
    received(peerA, 'held', { statement: theirs.digest, kind: 'alert', purposes, retainUntil, readers }),
  );
  return {
    statements: [theirs],
    contents: items.map((item, i) => ({
      ref: item.digest,
      statement: theirs.digest,
      sealed: sealed(),
      tokens: releases[i]!.words.map(token),
    })),
    received: items,
    receipts: items.map((item) => ({ to: peerA, digest: item.receipt, jwt: `receipt ${item.receipt}` })),
  };
}

const nameOf = (act: Act): Digest => act.statements![0]!.digest;

t.test(
  'F25 limits that lie: thousands of identifiers, lists combined, short pages: the whole result, while others are added',
  async (t) => {
    const database = await server.database();
    const store = await database.open();
    const { clock } = database;
    const acts = Array.from({ length: 2_000 }, (_, i) =>
      issue([], i % 3 === 0 ? { kind: 'sighting' } : {}, [
        'everywhere',
        `id-${i}`,
        i % 2 === 0 ? 'even' : 'odd',
        ...(i % 400 === 7 ? ['rare'] : []),
      ]),
    );
    await commitAll(store, acts);
    const names = (keep: (i: number) => boolean) =>
      acts
        .filter((_, i) => keep(i))
        .map(nameOf)
        .sort();
    const ids = any(...acts.slice(0, 1_500).map((_, i) => `id-${i}`));

    const more = () => store.commit(issue([], {}, ['id-1', 'even', 'everywhere']));
    t.same(
      (await whole(store, clock, { conditions: [ids], limit: 400 }, more)).sort(),
      names((i) => i < 1_500),
      'thousands in one list',
    );
    t.same(
      (await whole(store, clock, { conditions: [any('everywhere'), any('rare')] })).sort(),
      names((i) => i % 400 === 7),
    );
    const acts2 = names((i) => i < 1_500 && i % 2 === 1 && i % 3 === 0);
    t.same(
      (await whole(store, clock, { conditions: [ids, any('odd'), any('everywhere')], kinds: ['sighting'], limit: 133 })).sort(),
      acts2,
    );
    const thousandKinds = Array.from({ length: 1_000 }, (_, i) => `kind_${i}`);
    t.equal((await whole(store, clock, { kinds: [...thousandKinds, 'sighting'], limit: 1_000 })).length, 667);
    t.same(await whole(store, clock, { conditions: [any('even'), any('odd')] }), [], 'no statement is both: the pages end, empty');
    t.same(
      (await whole(store, clock, { conditions: [[phrase('odd', 'id-9'), phrase('even', 'id-11'), phrase('id-13')]] })).sort(),
      names((i) => i === 9 || i === 13),
    );
    t.same(await whole(store, clock, { conditions: [any('rare')], originators: [peerA] }), []);
    t.equal((await whole(store, clock, { conditions: [any('rare')], originators: [self, peerA], own: true, state: 'IN_FORCE' })).length, 5);
    t.same(await whole(store, clock, { conditions: [any('rare')], state: 'EXPIRED' }), []);
    t.equal((await whole(store, clock, { conditions: [any('rare')], issued: { from: 1_800_000_000, to: 1_800_000_000 } })).length, 5);
    t.same(await whole(store, clock, { conditions: [any('rare')], validUntil: { to: 1_800_000_000 } }), []);
    await t.rejects(store.search({ conditions: [], limit: 1, purpose, reader, now: 0, after: 'AAAA' }), { code: 'bad_cursor' });
  },
);

t.test('found by content is only what may be used for the purpose, and only within what that release disclosed', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const { clock } = database;
  const act = arrived([
    { words: ['steel', 'container'], purposes: ['LICENSING'] },
    { words: ['steel'], purposes: [purpose] },
    { words: ['gone'], purposes: [purpose], retainUntil: clock.now },
  ]);
  await store.commit(act);
  const find = (words: string[], reason = purpose) => whole(store, clock, { conditions: words.map((word) => any(word)), purpose: reason });
  t.same(await find(['steel']), [nameOf(act)]);
  t.same(await find(['container']), [], 'that was disclosed for licensing');
  t.same(await find(['steel', 'container'], 'LICENSING'), [nameOf(act)]);
  t.same(await find(['gone']), [], 'the time of that release is over');
  t.same(await find(['steel'], 'STATISTICS'), []);
  t.same(await whole(store, clock, { originators: [peerA], purpose: 'STATISTICS' }), [nameOf(act)], 'the header is open');
  t.same(digests(await store.bearing(token('steel'), 10)), [nameOf(act)]);
  t.same(await store.bearing(token('nothing'), 10), []);
});

const list = (id: string, entries: string[][], over: Partial<WatchWrite> = {}): WatchWrite => ({
  id,
  expectVersion: 0,
  state: 'active',
  author: 'officer-7',
  unit: 'POSS',
  sealed: sealed(),
  entries: entries.map((parts) => parts.map((word) => [{ field: word.split('-')[0]!, token: token(word) }])),
  ...over,
});

async function flagged(store: Store, act: Act) {
  const found = await store.flags(
    act.contents!.map((content) => content.ref),
    reader,
  );
  return found.map(({ watch, fields }) => [watch.id, ...fields]);
}

t.test(
  'what came while this node was behind finds nothing until its tokens are matched; what was erased meanwhile never does',
  async (t) => {
    const database = await server.database();
    const store = await database.open();
    await store.commit({ watches: [list('vessels', [['imo-1']])] });
    const acts = ['kept', 'erased'].map(() => arrived([{ words: ['steel', 'imo-1'], purposes: [purpose] }]));
    for (const content of acts.flatMap((act) => act.contents!)) content.waitsFor = peerA;
    await commitAll(store, acts);
    const [kept, erased] = acts as [Act, Act];
    const find = () => whole(store, database.clock, { conditions: [any('steel')] });
    t.same(await find(), []);
    await store.commit({ erasures: [{ ref: erased.contents![0]!.ref }] });
    const waiting = await store.waiting(peerA, 9);
    t.match(waiting, [{ ref: kept.contents![0]!.ref, statement: nameOf(kept), recalled: false }]);
    await store.commit({ matched: waiting.map(({ ref, tokens }) => ({ ref, tokens: tokens! })) });
    t.same(await find(), [nameOf(kept)]);
    t.same(await flagged(store, kept), [['vessels', 'imo']]);
    t.same(await store.waiting(peerA, 9), []);
    const { rows } = await database.owner.query('SELECT count(waiting_tokens)::integer AS left FROM content');
    t.same(rows, [{ left: 0 }]);
  },
);

t.test('watch lists flag what arrives and what was there, once; a change begins anew; what goes takes its flags along', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const before = [issue([], {}, ['imo-1', 'name-green']), issue([], {}, ['imo-2']), issue([], { validUntil: 1_800_000_000 }, ['imo-1'])];
  await commitAll(store, before);
  await store.commit({ watches: [list('vessels', [['imo-1'], ['name-green', 'name-star']])] });
  t.match(await store.watch('vessels'), { version: 1, entries: 2, complete: false, author: 'officer-7' });
  t.equal(await store.matchPast(), true);
  t.equal(await store.matchPast(), false);
  t.match(await store.watch('vessels'), { complete: true });
  t.same(await Promise.all(before.map((act) => flagged(store, act))), [[['vessels', 'imo']], [], []], 'what has run out is not matched');

  const after = [
    issue([], {}, ['name-green']),
    issue([], {}, ['name-star', 'name-green', 'imo-1']),
    arrived([{ words: ['imo-1'], purposes: [purpose] }]),
  ];
  await commitAll(store, after);
  t.same(await Promise.all(after.map((act) => flagged(store, act))), [[], [['vessels', 'imo', 'name']], [['vessels', 'imo']]]);
  const pages = [];
  let next: string | undefined;
  do {
    const page = await store.watchHits('vessels', { limit: 1, reader, ...(next && { after: next }) });
    pages.push(page.items.map((hit) => hit.statement.digest));
    next = page.next;
  } while (next !== undefined);
  t.same(pages.flat(), [nameOf(after[2]!), nameOf(after[1]!), nameOf(before[0]!)], 'newest first, each once');

  await t.rejects(store.commit({ watches: [list('vessels', [['imo-2']])] }), { code: 'version_conflict' });
  await store.commit({ watches: [list('vessels', [['imo-2']], { expectVersion: 1 })] });
  while (await store.matchPast());
  t.same(await Promise.all([...before, ...after].map((act) => flagged(store, act))), [[], [['vessels', 'imo']], [], [], [], []]);
  await store.commit({ erasures: [{ ref: nameOf(before[1]!) }] });
  t.same((await store.watchHits('vessels', { limit: 9, reader })).items, [], 'a hit goes with the content that it comes from');
  await store.commit({ watches: [list('vessels', [], { expectVersion: 2, state: 'removed' })] });
  t.equal(await store.watch('vessels'), undefined);
  t.same((await store.watches({ limit: 9 })).items, []);
  const { rows } = await database.owner.query(
    'SELECT (SELECT count(*) FROM watch_token) + (SELECT count(*) FROM watch_hit) AS left, ciphertext FROM watch',
  );
  t.same(rows, [{ left: '0', ciphertext: null }], 'nothing of it is left but that there was a list');
});

t.test('TLP:RED and the clock: search and watch lists find for named readers only, and nothing after its time', async (t) => {
  const database = await server.database();
  const store = await database.open();
  await store.commit({ watches: [list('vessels', [['imo-1']])] });
  const [red, other, brief] = [
    arrived([{ words: ['imo-1'], purposes: [purpose], readers: [reader] }]),
    arrived([{ words: ['imo-1'], purposes: [purpose], readers: ['officer-9'] }]),
    arrived([{ words: ['imo-1'], purposes: [purpose], retainUntil: database.clock.now + 10 }]),
  ];
  const valid = arrived([{ words: ['imo-1'], purposes: [purpose] }], { validUntil: database.clock.now + 10 });
  await commitAll(store, [red!, other!, brief!, valid]);
  const found = async (who: string) => ({
    search: await whole(store, database.clock, { conditions: [any('imo-1')], reader: who }),
    hits: (await store.watchHits('vessels', { limit: 9, reader: who })).items.map((hit) => hit.statement.digest),
    flags: (
      await store.flags(
        [red!, other!, brief!, valid].map((act) => act.contents![0]!.ref),
        who,
      )
    ).length,
  });
  const both = [valid, brief!];
  const expected = (...acts: Act[]) => ({ search: acts.map(nameOf), hits: acts.map(nameOf), flags: acts.length });
  t.same(await found(reader), expected(...both, red!));
  t.same(await found('officer-9'), expected(...both, other!));
  t.same(await found('officer-8'), expected(...both));
  database.clock.now += 10;
  t.same(await found(reader), expected(red!), 'to the second');
});

t.test('a list that is added while others write misses nothing, and neither does one whose matching broke off', async (t) => {
  const database = await server.database();
  const [store, other] = [await database.open(), await database.open()];
  const acts = Array.from({ length: 400 }, () => issue([], {}, ['imo-1']));
  const writing = acts.map((act, i) => (i % 2 === 0 ? store : other).commit(act));
  await store.commit({ watches: [list('a', [['imo-1']])] });
  await Promise.all([...writing, other.commit({ watches: [list('b', [['imo-1']])] })]);
  const stuck = await database.owner.connect();
  await stuck.query('BEGIN');
  await stuck.query('SELECT FROM watch FOR UPDATE');
  t.equal(await store.matchPast(), false, 'another process is at them');
  stuck.release(true);
  while ((await store.matchPast()) || (await other.matchPast()));
  for (const id of ['a', 'b']) t.equal((await store.watchHits(id, { limit: 1_000, reader })).items.length, acts.length, id);
});

t.test(
  'F24 correlation explosion: a value in a tenth of all alerts, on twenty lists: one row per list and alert, and linear work',
  async (t) => {
    const database = await server.database();
    const store = await database.open();
    const common = (i: number) => issue([], {}, [`id-${i}`, ...(i % 10 === 0 ? ['word-common'] : [])]);
    await commitAll(
      store,
      Array.from({ length: 1_000 }, (_, i) => common(i)),
    );
    const lists = Array.from({ length: 20 }, (_, i) => list(`list-${i}`, [['word-common'], [`id-${i}`]]));
    await store.commit({ watches: lists });
    let slices = 0;
    while (await store.matchPast()) slices += 1;
    t.equal(slices, lists.length);
    await commitAll(
      store,
      Array.from({ length: 1_000 }, (_, i) => common(i + 1_000)),
    );
    const { rows } = await database.owner.query('SELECT count(*) AS hits, count(DISTINCT (watch, position)) AS pairs FROM watch_hit');
    const others = 20 - 2; // ids 0 to 19 that do not have the common word
    t.same(rows, [{ hits: String(20 * 200 + others), pairs: String(20 * 200 + others) }]);
  },
);
