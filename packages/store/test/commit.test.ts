import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { consistencyProof, inclusionProof, leafHash, rootAt, verifyConsistency, verifyInclusion } from '@entente/ledger';
import t from 'tap';
import type { Act, Committed, PageToSign, Store, StoreError } from '../src/index.js';
import { anyDigest, digestOf, issue, peer, peerA, peerB, received, release, sealed, self, statement, token } from './acts.js';
import { startTestServer } from './database.js';
import { holding, untilBlocked, untilGone } from './locks.js';
import { allLeaves, filled, naiveRoot, parsed } from './tree.js';

const server = await startTestServer();
t.teardown(() => server.stop());

const key = (
  name: string,
  request: string,
  respond?: (c: Committed) => { status: number; body: unknown },
): NonNullable<Act['idempotency']> => ({
  actor: 'officer-1',
  key: name,
  requestHash: createHash('sha256').update(request).digest(),
  respond: respond ?? (() => ({ status: 201, body: { name } })),
});

async function chainOf(digests: readonly string[]): Promise<string> {
  let chain: Buffer = Buffer.alloc(32);
  for (const digest of digests) chain = createHash('sha256').update(chain).update(digest, 'base64url').digest();
  return chain.toString('hex');
}

t.test('F01 late commit: the writer with the earlier position commits last, and a reader in between loses neither', async (t) => {
  const database = await server.database();
  const [early, late, reader] = [
    await database.open({ applicationName: 'early' }),
    await database.open({ applicationName: 'late' }),
    await database.open(),
  ];
  const read: [string, string, number][] = [];
  const sign = async ({ first, entries }: PageToSign) => {
    t.equal(first, read.length + 1);
    read.push(...entries);
    return 'page';
  };
  const poll = async () => {
    const size = read.length;
    for (let more = true; more; ) more = await reader.cutPage(peerA, 100, sign);
    return read.length - size;
  };
  t.equal(await poll(), 0);

  // The first writer holds its position, and cannot finish: somebody else is about to use the same idempotency key.
  const stuck = await holding(database.owner, [
    'INSERT INTO idempotency (actor, key, request_hash, status, body, at) VALUES ($1, $2, $3, 1, $4, 0)',
    ['officer-1', 'first', Buffer.alloc(32), '{}'],
  ]);
  const first = issue([peerA]);
  const second = issue([peerA]);
  const firstDone = early.commit({ ...first, idempotency: key('first', 'x') });
  await untilBlocked(database.admin, 'early');
  const order: string[] = [];
  const secondDone = late.commit(second);
  void firstDone.then(() => order.push('first'));
  void secondDone.then(() => order.push('second'));
  await untilBlocked(database.admin, 'late');
  t.same(await reader.offers(peerA, 10), []);
  t.same(await allLeaves(reader, 'exchange'), []);

  await stuck[Symbol.asyncDispose]();
  const [a, b] = await Promise.all([firstDone, secondDone]);
  t.same([a.releases[0]!.position, b.releases[0]!.position], [1, 2]);
  t.same(order, ['first', 'second'], 'positions are in the order of commits');
  await poll();
  t.same(
    read.map(([digest]) => digest),
    [first.releases![0]!.digest, second.releases![0]!.digest],
  );
});

t.test('any number of processes: feeds and log without gaps, chains and roots as recomputed', async (t) => {
  const database = await server.database();
  const stores = await Promise.all(Array.from({ length: 8 }, () => database.open({ poolSize: 2 })));
  const acts = stores.map(() => Array.from({ length: 200 }, (_, i) => issue(i % 3 === 0 ? [peerA, peerB] : [i % 2 === 0 ? peerA : peerB])));
  const access = [{ actor: 'officer-1', role: 'OFFICER', operation: 'DISCLOSE' as const }];
  const all = await Promise.all(stores.map((store, i) => Promise.all(acts[i]!.map((act) => store.commit({ ...act, access })))));
  const [store] = stores as [Store];

  const given = all.flat().flatMap((committed) => committed.releases);
  for (const to of [peerA, peerB]) {
    const releases = given.filter((release) => release.to === to).sort((x, y) => x.position - y.position);
    t.same(
      releases.map((release) => release.position),
      releases.map((_, i) => i + 1),
    );
    const { size, chain, epoch, queued } = await store.feed(to);
    t.match({ size, epoch, queued }, { size: releases.length, epoch: 1, queued: releases.length });
    t.equal(Buffer.from(chain).toString('hex'), await chainOf(releases.map((release) => release.digest)));
  }

  t.equal((await allLeaves(store, 'exchange')).length, 8 * 200 + given.length);
  await filled(store);
  const leaves = await allLeaves(store, 'exchange');
  const head = await store.log('exchange');
  t.equal(head.size, leaves.length);
  t.same(Buffer.from(head.root), naiveRoot(leaves));
  t.ok(leaves.every((leaf) => /^[A-Za-z0-9_-]{22}$/.test(String(parsed(leaf).n))));
  t.equal(new Set(leaves.map((leaf) => parsed(leaf).n)).size, leaves.length);
  t.match(
    leaves.map(parsed).find(({ op }) => op === 'issued'),
    { v: 1, kind: 'alert', at: '2027-01-15T08:00:00Z' },
  );

  const entries = await store.accessEntries(1, 0, 2_000);
  const accessLeaves = await allLeaves(store, 'access');
  t.equal(entries.length, 1_600);
  t.same(Buffer.from((await store.log('access')).root), naiveRoot(accessLeaves));
  for (const { position, salt, entry } of entries.slice(0, 20)) {
    const digest = createHash('sha256').update(salt).update(entry!).digest('base64url');
    t.equal(Buffer.from(accessLeaves[position]!).toString(), `{"digest":"${digest}","v":1}`);
  }

  const read = (level: number, index: number, count: number) => store.hashes('exchange', 1, level, index, count);
  t.same(Buffer.from(await rootAt(1_000, read)), naiveRoot(leaves.slice(0, 1_000)));
  const inclusion = await inclusionProof(1_234, head.size, read);
  verifyInclusion({ leafHash: leafHash(leaves[1_234]!), index: 1_234, head, proof: inclusion });
  const from = { size: 777, root: naiveRoot(leaves.slice(0, 777)) };
  verifyConsistency({ from, to: head, proof: await consistencyProof(777, head.size, read) });

  const own = await store.leavesOfPeer(1, peerB, 0, 10_000);
  t.equal(own.length, (await store.feed(peerB)).size);
  t.ok(own.every(({ leaf }) => parsed(leaf).peer === peerB));
});

t.test('one act that cannot be fails alone, and what was stored with it is whole', async (t) => {
  const database = await server.database();
  const store = await database.open();
  await store.commit({ peers: [peer(peerA)] });
  const taken = statement();
  await store.commit({ statements: [taken] });
  const refused: [string, Act, string][] = [
    ['a name used for another digest', { statements: [statement({ jti: taken.jti })] }, 'jti_reused'],
    ['a peer that is not active', { ...issue([peerB]), require: { activePeers: [peerB] } }, 'stale'],
    ['a value that the database cannot hold', issue([peerA], { author: 'NUL \u0000' }), 'bad_value'],
    ['a digest of another length', { statements: [statement({ digest: 'AAAA' })] }, 'bad_value'],
    ['a kind that no leaf may carry', issue([peerA], { kind: 'no kind' }), 'bad_value'],
    ['a member of the wrong type', { statements: [null as never] }, 'bad_value'],
    [
      'content of an unknown statement',
      { contents: [{ ref: anyDigest(), statement: anyDigest(), sealed: sealed(), tokens: [] }] },
      'unknown_reference',
    ],
    ['an answer that fails', { ...issue([peerA]), idempotency: key('fails', 'x', () => (null as never as { x: never }).x) }, 'bad_value'],
  ];
  const good = Array.from({ length: refused.length + 1 }, () => issue([peerA]));
  const before = await allLeaves(store, 'exchange');
  const mixed = refused.flatMap(([, act], i) => [good[i]!, act]).concat(good.at(-1)!);
  const outcomes = await Promise.allSettled(mixed.map((act) => store.commit(act)));
  refused.forEach(([name, , code], i) => {
    const outcome = outcomes[2 * i + 1] as PromiseRejectedResult;
    t.match(outcome, { status: 'rejected', reason: { name: 'StoreError', code } }, name);
  });
  t.ok(outcomes.filter((_, i) => i % 2 === 0).every((outcome) => outcome.status === 'fulfilled'));
  t.equal((await store.feed(peerA)).size, good.length);
  t.equal((await allLeaves(store, 'exchange')).length - before.length, 2 * good.length);
  await filled(store);
  t.same(Buffer.from((await store.log('exchange')).root), naiveRoot(await allLeaves(store, 'exchange')));
  t.notOk((outcomes[5] as PromiseRejectedResult).reason.message.includes('NUL'), 'values are not in messages');
});

t.test('the same idempotency key at the same time, in one process and in two', async (t) => {
  const database = await server.database();
  const stores = [await database.open(), await database.open()];
  let answers = 0;
  const act = (): Act => ({
    ...issue([peerA]),
    idempotency: key('once', 'request', ({ releases }) => ({ status: 201, body: { n: ++answers, releases } })),
  });
  const committed = await Promise.all(Array.from({ length: 20 }, (_, i) => stores[i % 2]!.commit(act())));
  t.equal(committed.filter((c) => c.replayed === undefined).length, 1);
  const winner = committed.find((c) => c.replayed === undefined)!;
  const replayed = committed.flatMap((c) => c.replayed ?? []);
  t.ok(
    replayed.every(
      ({ status, body }) => status === 201 && JSON.stringify((body as { releases: unknown }).releases) === JSON.stringify(winner.releases),
    ),
  );
  t.equal((await stores[0]!.feed(peerA)).size, 1);
  t.equal((await allLeaves(stores[0]!, 'exchange')).length, 2);
  await t.rejects(stores[1]!.commit({ ...issue([peerA]), idempotency: key('once', 'another request') }), { code: 'idempotency_mismatch' });
  const other = await stores[1]!.commit({ ...issue([peerA]), idempotency: { ...key('once', 'request'), actor: 'officer-2' } });
  t.equal(other.replayed, undefined, 'a key belongs to its actor');
});

t.test('a decision on rules that have changed is stale', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const agreement = (id: string, over = {}) => ({
    digest: digestOf(id),
    expectRevision: 0,
    id: `https://nl-cus.example/agreements/${id}`,
    version: 1,
    jws: `{"payload":"${id}"}`,
    payload: { title: id },
    parties: [self, peerA, peerB],
    signedBy: [self, peerA],
    effective: database.clock.now - 10,
    expires: database.clock.now + 1_000,
    ...over,
  });
  await store.commit({ peers: [peer(peerA)], agreements: [agreement('v1'), agreement('future', { effective: database.clock.now + 500 })] });
  const under = (digest: string): Act => ({
    ...issue([peerA]),
    require: { activePeers: [peerA], agreementsInForce: [{ digest, between: [self, peerA] }] },
  });
  await store.commit(under(digestOf('v1')));
  await t.rejects(store.commit(under(digestOf('future'))), { code: 'stale' });
  await t.rejects(store.commit(under(anyDigest())), { code: 'stale' });

  await store.commit({ agreements: [agreement('v2', { supersedes: digestOf('v1'), signedBy: [self] })] });
  await store.commit(under(digestOf('v1')));
  // The same payload, signed by the other party as well: now it counts between the two. What waits behind it must see that.
  const countersigned = store.commit({
    agreements: [agreement('v2', { expectRevision: 1, supersedes: digestOf('v1'), jws: 'countersigned', signedBy: [self, peerA] })],
  });
  const behind = store.commit(under(digestOf('v1')));
  await countersigned;
  await t.rejects(behind, { code: 'stale' });
  await t.rejects(store.commit({ agreements: [agreement('v2', { expectRevision: 1, signedBy: [self, peerB] })] }), {
    code: 'version_conflict',
  });
  t.match(
    (await store.agreements()).find((known) => known.digest === digestOf('v2')),
    { jws: 'countersigned', signedBy: [self, peerA], payload: { title: 'v2' } },
    'signatures are never lost again',
  );
  await store.commit(under(digestOf('v2')));
  const said = (act: 'suspended' | 'resumed' | 'denounced', seq: number, party = peerA) => ({
    agreementActs: [{ digest: digestOf(`${act} ${seq} ${party}`), agreement: digestOf('v2'), party, seq, act, jwt: act }],
  });
  const stopping = store.commit(said('suspended', 1));
  const waiting = store.commit(under(digestOf('v2')));
  await stopping;
  await t.rejects(waiting, { code: 'stale' }, 'what waits behind a suspension sees it');
  await store.commit(said('suspended', 1));
  await t.rejects(store.commit(said('denounced', 1)), { code: 'version_conflict' }, 'one number, one act');
  await store.commit(said('denounced', 1, peerB));
  await t.rejects(store.commit(under(digestOf('v2'))), { code: 'stale' });
  await store.commit(said('resumed', 2));
  await store.commit(under(digestOf('v2')));
  t.equal((await store.agreements()).find(({ digest }) => digest === digestOf('v2'))?.acts.length, 3);
  const suspended = store.commit({ peers: [peer(peerA, { state: 'suspended' })] });
  const late = store.commit(under(digestOf('v2')));
  await suspended;
  await t.rejects(late, { code: 'stale' });
  database.clock.now += 2_000;
  await t.rejects(store.commit({ ...under(digestOf('v2')) }), { code: 'stale' });
});

t.test('more than 4,096 waiting acts are refused, and nothing of them is lost or half', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const access = [{ actor: 'a', role: 'OFFICER', operation: 'SEARCH' as const }];
  const outcomes = await Promise.allSettled(Array.from({ length: 4_196 }, () => store.commit({ access })));
  const busy = outcomes.filter((outcome) => outcome.status === 'rejected' && (outcome.reason as StoreError).code === 'busy');
  t.equal(busy.length, 100);
  t.equal((await store.log('access')).size, 4_096);
  const last = store.commit({ access });
  await store[Symbol.asyncDispose]();
  t.match(await last, { releases: [] }, 'what waited when the store was closed is stored');
  await t.rejects(store.commit({ access }), { code: 'closed' });
});

t.test('a process killed in the middle of a commit leaves nothing', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const wall = await holding(database.owner, ['LOCK TABLE access_entry IN ACCESS EXCLUSIVE MODE']);
  const child = spawn(process.execPath, [fileURLToPath(new URL('./crashing-writer.js', import.meta.url))], {
    env: { ...process.env, STORE_URL: database.applicationUrl },
    stdio: 'inherit',
  });
  // By now the child has the locks, and has written statement, content, release and leaves.
  await untilBlocked(database.admin, 'crashing-writer');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await wall[Symbol.asyncDispose]();
  await untilGone(database.admin, 'crashing-writer');
  for (const table of ['statement', 'statement_name', 'content', 'token', 'release', 'offer', 'log_leaf', 'access_entry']) {
    t.equal((await database.owner.query(`SELECT FROM ${table}`)).rowCount, 0, table);
  }
  t.match(await store.commit(issue([peerA])), { releases: [{ position: 1 }] });
});

t.test('a connection that breaks in a commit fails the act; the store goes on', async (t) => {
  const database = await server.database();
  const store = await database.open({ applicationName: 'broken' });
  await store.commit({ peers: [peer(peerA)] });
  const wall = await holding(database.owner, ['LOCK TABLE access_entry IN ACCESS EXCLUSIVE MODE']);
  const act = { ...issue([peerA]), access: [{ actor: 'a', role: 'OFFICER', operation: 'DISCLOSE' as const }] };
  const outcomes = Promise.allSettled([store.commit(act), store.commit(issue([peerA]))]);
  await untilBlocked(database.admin, 'broken');
  await database.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'broken'`);
  t.match(await outcomes, [{ reason: { code: 'unavailable' } }, { reason: { code: 'unavailable' } }]);
  await wall[Symbol.asyncDispose]();
  t.match(await store.commit(act), { releases: [{ position: 1 }] });
  await t.resolves(store.ready());
});

t.test('a release received twice has one effect; a name used twice is evidence', async (t) => {
  const database = await server.database();
  const [one, two] = [await database.open(), await database.open()];
  const theirs = statement({ iss: peerA, own: false });
  const item = received(peerA, 'held', { statement: theirs.digest, kind: 'alert' });
  const act: Act = {
    statements: [theirs],
    contents: [{ ref: item.digest, statement: theirs.digest, sealed: sealed(), tokens: [token('steel'), token('steel')] }],
    received: [item],
    receipts: [{ to: peerA, digest: item.receipt, jwt: 'receipt' }],
  };
  await Promise.all([one!.commit(act), two!.commit(act), one!.commit(act)]);
  t.equal((await allLeaves(one!, 'exchange')).length, 1);
  t.equal((await one!.received({ limit: 10 })).items.length, 1);
  t.same(await one!.contentRefs(theirs.digest), [item.digest]);

  const second = received(peerA, 'held', { jti: item.jti });
  await t.rejects(one!.commit({ received: [second] }), { code: 'jti_reused' });
  const evidence = { ...second, verdict: 'refused' as const, code: 'jti_reused', jwt: null };
  await one!.commit({
    received: [evidence],
    quarantine: [{ from: peerA, release: second.digest, code: 'jti_reused', reason: 'the name is taken', sealed: sealed(), bytes: 300 }],
  });
  t.equal((await one!.knownReceived(peerA, [second]))[0]?.digest, item.digest, 'the name stays with the first');
  t.match(await one!.receivedByDigest(second.digest), { verdict: 'refused', code: 'jti_reused' });
  t.match(await one!.quarantineOf(second.digest), { code: 'jti_reused', from: peerA });
  await t.rejects(
    one!.commit({ releases: [release(peerA, theirs.digest, { jti: 'twice' }), release(peerA, theirs.digest, { jti: 'twice' })] }),
    {
      code: 'bad_value',
    },
  );
});

t.test('a database that is not there', async (t) => {
  const database = await server.database();
  const store = await database.open();
  await t.resolves(store.ready());
  const url = new URL(database.applicationUrl);
  url.port = '1';
  const { openStore } = await import('../src/index.js');
  await t.rejects(openStore({ url: url.href, now: () => 0, random: randomBytes }), { code: 'unavailable' });
});
