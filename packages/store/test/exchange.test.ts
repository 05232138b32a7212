import { createHash } from 'node:crypto';
import t from 'tap';
import type { Digest, PageToSign, ReceiptHeld, Store } from '../src/index.js';
import { anyDigest, issue, peerA, peerB, received, release, sealed, statement, token } from './acts.js';
import { startTestServer } from './database.js';
import { allLeaves, parsed } from './tree.js';

const server = await startTestServer();
t.teardown(() => server.stop());

const receipt = (items: ReceiptHeld['items'], from = peerA): ReceiptHeld => ({ from, digest: anyDigest(), jwt: 'receipt', items });

/** All pages of a listing, one after the other. */
async function all<T>(
  limit: number,
  read: (q: { limit: number; after?: string }) => Promise<{ items: T[]; next?: string }>,
  between?: () => Promise<unknown>,
) {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await read({ limit, ...(after !== undefined && { after }) });
    items.push(...page.items);
    after = page.next;
    await between?.();
  } while (after !== undefined);
  return items;
}

/** In their alphabet: places in the log say nothing of what came first. */
async function ops(store: Store): Promise<string[]> {
  return (await allLeaves(store, 'exchange')).map((leaf) => String(parsed(leaf).op)).sort();
}

t.test('feeds of more new partners are looked at together than there are connections, and none waits for ever', async (t) => {
  const database = await server.database();
  const store = await database.open({ poolSize: 2 });
  const feeds = await Promise.all(Array.from({ length: 20 }, (_, i) => store.feed(`https://new-${i}.example`)));
  t.ok(feeds.every(({ epoch, size }) => epoch === 1 && size === 0));
});

t.test('F02 page boundary: 10,000 releases in one instant, page size 100, none lost and none repeated', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const acts = Array.from({ length: 100 }, () => {
    const many = Array.from({ length: 100 }, () => statement());
    return { statements: many, releases: many.map(({ digest }) => release(peerA, digest)) };
  });
  await Promise.all(acts.map((act) => store.commit(act)));
  const released = acts.flatMap((act) => act.releases.map(({ digest }) => digest)).sort();
  const issued = acts.flatMap((act) => act.statements.map(({ digest }) => digest)).sort();

  const listed = await all(
    100,
    (q) => store.statements(q),
    () => store.commit(issue([])),
  );
  t.same(listed.map((s) => s.digest).sort(), issued, 'statements, while others are added');

  const paged: string[] = [];
  const sign = async ({ first, entries }: PageToSign) => {
    t.equal(first, paged.length + 1);
    paged.push(...entries.map(([digest]) => digest));
    return `page ${first}`;
  };
  for (let more = true; more; ) more = await store.cutPage(peerA, 100, sign);
  t.same([...paged].sort(), released, 'feed pages');
  const pages = [];
  for (let from = 1; from <= 10_000; from = pages.at(-1)!.last + 1) pages.push(...(await store.pages(peerA, 1, from, 7)));
  t.same(
    pages.map((p) => [p.first, p.last, p.jws]),
    Array.from({ length: 100 }, (_, i) => [100 * i + 1, 100 * i + 100, `page ${100 * i + 1}`]),
  );

  const offered: string[] = [];
  for (;;) {
    const offers = await store.offers(peerA, 100);
    if (offers.length === 0) break;
    offered.push(...offers.map((o) => o.digest));
    await store.acknowledge(peerA, { jtis: offers.map((o) => o.jti), refused: [] });
  }
  t.same(offered, paged, 'offers, in the order of the feed');
  t.match(await store.feed(peerA), { size: 10_000, paged: 10_000, queued: 0 });
});

t.test('a queue that grows from one to thousands is offered at once: no plan is kept from when it was short', async (t) => {
  const store = await (await server.database()).open();
  for (let i = 0; i < 10; i++) {
    await store.commit(issue([peerA]));
    await store.markOffered(peerA, await store.offers(peerA, 10));
  }
  const own = statement();
  const releases = Array.from({ length: 3000 }, () => release(peerA, own.digest));
  await store.commit({ statements: [own], releases });
  const offers = await store.offers(peerA, 500);
  await store.markOffered(peerA, offers);
  const later = await store.offers(peerA, 500);
  t.equal(later.filter(({ offeredAt }) => offeredAt !== undefined).length, 500);
});

t.test('offers, receipts and dead letters', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const [own, urgent, recalling] = [statement(), statement(), statement({ kind: 'recall' })];
  const routine = release(peerA, own.digest, { urgency: 4 });
  const immediate = release(peerA, urgent.digest, { urgency: 1 });
  const recall = release(peerA, recalling.digest, { urgency: 0, kind: 'recall' });
  const toB = release(peerB, own.digest);
  await store.commit({ statements: [own, urgent, recalling], releases: [routine, immediate, recall, toB] });
  const offered = () => store.offers(peerA, 10).then((rows) => rows.map((row) => row.digest));
  t.same(
    await offered(),
    [recall, immediate, routine].map((r) => r.digest),
    'recalls first, then by urgency',
  );
  await store.markOffered(peerA, await store.offers(peerA, 10));
  t.match(await store.releasesOf(own.digest), [{ offeredAt: database.clock.now }, { to: peerB, state: 'queued', offeredAt: undefined }]);
  const { position, epoch, state, ...first } = (await store.releaseByJti(peerA, routine.jti))!;
  const { offeredAt, ...stored } = first;
  t.same(stored, { ...routine, recalled: false }, 'what was stored comes back');
  t.same([position, epoch, state, offeredAt], [1, 1, 'queued', database.clock.now]);
  t.equal(await store.releaseByJti(peerB, routine.jti), undefined);

  const held = receipt([
    { release: recall.digest, verdict: 'held' },
    { release: immediate.digest, verdict: 'quarantined', code: 'unknown_kind' },
    { release: toB.digest, verdict: 'held' },
  ]);
  database.clock.now += 60;
  await store.commit({ receiptsHeld: [held] });
  t.same(await offered(), [routine.digest]);
  t.match(await store.releaseByJti(peerA, immediate.jti), {
    state: 'quarantined',
    code: 'unknown_kind',
    receipt: held.digest,
    receiptAt: database.clock.now,
  });
  t.match(await store.feed(peerA), { queued: 1, refused: 0, lastReceiptAt: database.clock.now });
  t.match(await store.feed(peerB), { queued: 1 }, 'nobody receipts what was sent to another');
  const { length } = await ops(store);
  t.same((await ops(store)).filter((op) => op === 'receipt_held').length, 2);
  await store.commit({ receiptsHeld: [held, held] });
  t.equal((await ops(store)).length, length, 'the same receipt again changes nothing');

  const contradiction = receipt([{ release: recall.digest, verdict: 'refused', code: 'no_agreement' }]);
  const replaced = receipt([{ release: immediate.digest, verdict: 'refused', code: 'bad_signature' }]);
  await store.commit({ receiptsHeld: [contradiction] });
  await store.commit({ receiptsHeld: [replaced] });
  t.match(await store.releaseByJti(peerA, recall.jti), { state: 'held', receipt: held.digest });
  t.match(await store.releaseByJti(peerA, immediate.jti), { state: 'refused', code: 'bad_signature', receipt: replaced.digest });
  t.match(await store.deadLetters({ limit: 10 }), { items: [{ digest: immediate.digest }] });
  t.same(
    (await store.allReceipts({ limit: 10 })).items.map((r) => r.digest),
    [held, contradiction, replaced].map((r) => r.digest),
    'all are kept',
  );

  await store.acknowledge(peerA, { jtis: ['unknown'], refused: [{ jti: routine.jti, code: 'invalid_key' }] });
  t.same(
    (await all(1, (q) => store.deadLetters(q))).map((r) => r.code),
    ['bad_signature', 'invalid_key'],
  );
  t.match(await store.deadLetter(routine.digest), { digest: routine.digest, state: 'refused' });
  t.equal(await store.deadLetter(anyDigest()), undefined);
  await store.commit({ receiptsHeld: [receipt([{ release: routine.digest, verdict: 'held' }])] });
  t.match(await store.releaseByJti(peerA, routine.jti), { state: 'held' }, 'only a signed refusal is final');

  t.equal(await store.requeue(peerA, 1, 1, ['recall']), 1);
  t.same(await offered(), [recall.digest]);
  await store.acknowledge(peerA, { jtis: [], refused: [{ jti: recall.jti, code: 'late' }] });
  const again = (await store.releaseByJti(peerA, recall.jti))!;
  t.match(again, { state: 'held', receipt: held.digest }, 'its receipt stands');
  t.equal(again.code, undefined);
  t.equal(await store.requeue(peerA, 1, 0), 3);
  await store.commit({ receiptsHeld: [held] });
  t.notOk((await offered()).includes(immediate.digest), 'a receipt sent again takes its releases off the queue');
  t.match(await store.releaseByJti(peerA, immediate.jti), { state: 'refused' });
  await store.commit({ releases: [release(peerA, urgent.digest)] });
  t.equal(await store.deadLetter(immediate.digest), undefined, 'released again: no dead letter any more');
});

t.test('voids, going out and coming in; what is missing is named', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const act = issue([peerA]);
  const [sent] = act.releases!;
  await store.commit(act);
  const note = { to: peerA, epoch: 1, position: 1, digest: sent!.digest, code: 'withdrawn' as const, jwt: 'void' };
  await t.rejects(store.commit({ voids: [{ ...note, digest: anyDigest() }] }), { code: 'unknown_reference' });
  await store.commit({ voids: [note, note] });
  await store.commit({ voids: [note] });
  t.same(await ops(store), ['issued', 'released', 'voided']);
  t.equal(await store.voidOf(peerA, 1, 1), 'void');
  t.equal(await store.voidOf(peerA, 1, 2), undefined);
  t.same(await store.voidsFrom(peerA, 1, 1), [{ position: 1, jwt: 'void' }]);
  t.same(await store.voidsFrom(peerB, 1, 1), []);
  t.equal(await store.requeue(peerA, 1, 0), 0, 'a void is not offered again');
  await store.commit({ receiptsHeld: [receipt([{ release: sent!.digest, verdict: 'held' }])] });
  t.match(await store.releaseByJti(peerA, sent!.jti), { state: 'void' });

  const [early, late, missing, withdrawn] = [received(peerA, 'held'), received(peerA, 'held'), anyDigest(), anyDigest()];
  const stray = received(peerA, 'refused');
  const { now } = database.clock;
  await store.commit({ received: [early, stray] });
  t.same(
    await store.unpaged(peerA, now),
    [early, stray].map(({ digest }) => ({ digest, at: now })),
  );
  t.same(await store.unpaged(peerA, now - 1), []);
  t.match(await store.feedIn(peerA), { epoch: 1, last: 0 });
  const chain = createHash('sha256').digest();
  const page = {
    from: peerA,
    epoch: 1,
    first: 1,
    last: 4,
    chain,
    digest: anyDigest(),
    entries: [early.digest, missing, late.digest, withdrawn].map((digest): [Digest, string, number] => [digest, 'alert', 300]),
    jws: 'page',
  };
  await store.commit({ pagesIn: [page] });
  await store.commit({ pagesIn: [page] });
  t.same(await store.feedIn(peerA), { epoch: 1, last: 4, chain });
  t.same(
    (await store.feedGaps(peerA, now)).map(({ position }) => position),
    [2, 3, 4],
  );
  await store.commit({
    received: [late],
    voidsIn: [{ from: peerA, epoch: 1, position: 4, digest: withdrawn, code: 'recalled', jwt: 'note' }],
  });
  t.same(await store.feedGaps(peerA, now), [{ epoch: 1, position: 2, digest: missing }]);
  t.same(await store.feedGaps(peerA, now - 1), []);
  t.same(
    (await store.unpaged(peerA, now)).map(({ digest }) => digest),
    [stray.digest],
  );
  t.same(await store.voidsIn(peerA, 1, 1), [{ position: 4, jwt: 'note' }]);

  // A void that came before its page, and a second page 1: a fork, both sides of which are kept.
  await store.commit({ voidsIn: [{ from: peerA, epoch: 1, position: 5, digest: missing, code: 'recalled', jwt: 'early note' }] });
  await store.commit({ pagesIn: [{ ...page, first: 5, last: 5, digest: anyDigest(), entries: [[missing, 'alert', 1]], jws: 'page 5' }] });
  t.same(
    (await store.feedGaps(peerA, now)).map(({ position }) => position),
    [2],
  );
  await store.commit({ pagesIn: [{ ...page, digest: anyDigest(), jws: 'fork' }] });
  t.same((await store.pagesIn(peerA, 1, 1, 10)).map(({ jws }) => jws).sort(), ['fork', 'page', 'page 5']);
  t.same(
    (await all(2, (q) => store.allReleases(q))).map(({ direction, position, state }) => [direction, position, state]),
    [
      ['out', 1, 'void'],
      ['in', 1, 'held'],
      ['in', null, 'refused'],
      ['in', 3, 'held'],
    ],
  );
  t.match(await store.heldOf(peerA), { page: 'page 5' }, 'the latest page of the partner, by which it can be told what it lost');
  t.same(await store.heldOf(peerB), {}, 'of whom nothing is held');
  t.same(await store.trailOf(anyDigest()), [], 'of a statement that was never released');
});

t.test('what came in: inbox, receipts, quarantine', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const theirs = statement({ iss: peerA, own: false, exercise: true });
  const held = received(peerA, 'held', {
    statement: theirs.digest,
    kind: 'alert',
    purposes: ['risk_analysis'],
    disclosed: [anyDigest(), anyDigest()],
    retainUntil: 1_900_000_000,
    replyBy: 1_800_003_600,
    agreement: anyDigest(),
    onward: 'none',
  });
  const bad = received(peerA, 'quarantined', { code: 'bad_signature', receipt: held.receipt });
  const quarantine = {
    from: peerA,
    release: bad.digest,
    code: 'bad_signature',
    reason: 'the signature is of another key',
    sealed: sealed(),
    bytes: 1_000,
  };
  await store.commit({
    statements: [theirs],
    contents: [{ ref: held.digest, statement: theirs.digest, sealed: sealed(), tokens: [token('steel')] }],
    received: [held, bad],
    receipts: [{ to: peerA, digest: held.receipt, jwt: 'receipt' }],
    quarantine: [quarantine],
  });
  t.same(await ops(store), ['quarantined', 'received']);
  const entered = (await allLeaves(store, 'exchange')).map(parsed).find(({ op }) => op === 'received');
  t.match(entered, { peer: peerA, kind: 'alert', digest: held.digest, ref: theirs.digest });
  const known = ({ digest, jti, verdict, receipt, code }: typeof held) => ({ digest, jti, verdict, receipt, ...(code && { code }) });
  t.same(await store.knownReceived(peerA, [{ digest: anyDigest(), jti: held.jti }]), [known(held)], 'by its name');
  t.same(await store.knownReceived(peerA, [{ digest: bad.digest, jti: 'other' }]), [known(bad)], 'and by its digest');
  t.same(await store.knownReceived(peerB, [held, bad]), []);
  t.match(await store.receivedByDigest(held.digest), {
    ...held,
    receivedAt: database.clock.now,
    inboxState: 'new',
    statementRecord: { digest: theirs.digest, exercise: true, claims: theirs.claims },
  });
  t.equal(await store.receivedByDigest(anyDigest()), undefined);

  t.same(await store.unsentReceipts(peerA), [
    {
      digest: held.receipt,
      jwt: 'receipt',
      releases: [
        { jti: held.jti, verdict: 'held' },
        { jti: bad.jti, verdict: 'quarantined', code: 'bad_signature' },
      ],
    },
  ]);
  await store.commit({ receiptsSent: [{ to: peerB, digests: [held.receipt] }] });
  t.equal((await store.unsentReceipts(peerA)).length, 1);
  await store.commit({ receiptsSent: [{ to: peerA, digests: [held.receipt] }] });
  t.same(await store.unsentReceipts(peerA), []);
  t.same(await store.receiptByDigest(held.receipt), { to: peerA, jwt: 'receipt' });
  t.equal(await store.receiptByDigest(anyDigest()), undefined);

  t.match(await store.quarantined({ limit: 10 }), { items: [{ from: peerA, release: bad.digest, reason: quarantine.reason }] });
  t.same((await store.quarantineOf(bad.digest))?.sealed, quarantine.sealed);
  t.same(await store.quarantineUse(peerA), { items: 1, bytes: 1_000 });
  t.same(await store.quarantineUse(peerB), { items: 0, bytes: 0 });

  // Judged again after a fix: the final verdict takes the place of the first one, once.
  const mended = { ...received(peerA, 'held', { statement: theirs.digest, kind: 'alert' }), digest: bad.digest, jti: bad.jti };
  await store.commit({ received: [{ ...bad, receipt: anyDigest() }] });
  await store.commit({ received: [mended] });
  await store.commit({ received: [{ ...mended, verdict: 'refused', code: 'no_agreement' }] });
  t.same(await ops(store), ['quarantined', 'received', 'received']);
  t.match(await store.receivedByDigest(bad.digest), {
    verdict: 'held',
    receipt: mended.receipt,
    statementRecord: { digest: theirs.digest },
  });

  const state = () => store.received({ limit: 10 }).then(({ items }) => items.map((item) => [item.inboxState, item.takenBy]));
  await store.commit({ inbox: [{ release: held.digest, state: 'seen', by: 'officer-1' }] });
  t.same(await state(), [
    ['new', undefined],
    ['seen', undefined],
  ]);
  await store.commit({
    inbox: [
      { release: held.digest, state: 'taken', by: 'officer-1' },
      { release: bad.digest, state: 'taken', by: 'officer-2' },
    ],
  });
  await store.commit({ inbox: [{ release: held.digest, state: 'seen', by: 'officer-3' }] });
  t.same(await state(), [
    ['taken', 'officer-2'],
    ['taken', 'officer-1'],
  ]);
  await t.rejects(store.commit({ inbox: [{ release: anyDigest(), state: 'seen', by: 'officer-1' }] }), { code: 'unknown_reference' });
  await store.commit({ received: [received(peerB, 'refused', { code: 'no_agreement' })] });
  const count = (q: object) => store.received({ limit: 10, ...q }).then(({ items }) => items.length);
  t.same(
    await Promise.all([count({ state: 'taken' }), count({ from: peerB }), count({ kind: 'alert' }), count({ verdict: 'refused' })]),
    [2, 1, 2, 1],
  );
  t.equal((await all(1, (q) => store.received(q))).length, 3);

  t.equal(await store.expireQuarantine(), 0);
  database.clock.now += 31 * 86_400;
  t.equal(await store.expireQuarantine(), 1);
  t.same(await store.quarantineUse(peerA), { items: 0, bytes: 0 });
  t.match(await store.quarantineOf(bad.digest), { reason: quarantine.reason, sealed: undefined });
});

t.test('statements are found by open claims and tokens; erased content is gone, and can be found no more', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const acts = [
    issue([], { kind: 'alert' }, ['steel', 'rotterdam']),
    issue([], { kind: 'sighting' }, ['steel']),
    issue([], { kind: 'alert', exercise: true, iss: peerB, own: false }, ['rotterdam', 'pump']),
  ];
  for (const act of acts) await store.commit(act);
  const [first, second, third] = acts.map((act) => act.statements![0]!.digest) as [Digest, Digest, Digest];
  const find = async (q: Parameters<Store['statements']>[0] | object) =>
    (await store.statements({ limit: 10, ...q })).items.map((s) => s.digest);
  t.same(await find({}), [third, second, first]);
  t.same(await find({ kind: 'alert' }), [third, first]);
  t.same(await find({ own: true, exercise: false }), [second, first]);
  t.same(await find({ iss: peerB }), [third]);
  const search = async (...words: string[]) => {
    const conditions = words.map((word) => [[[token(word)]]]);
    const { items } = await store.search({
      conditions,
      limit: 10,
      purpose: 'CUSTOMS_CONTROL',
      reader: 'officer-7',
      now: database.clock.now,
    });
    return items.map((s) => s.digest);
  };
  t.same(await search('steel'), [second, first]);
  t.same(await search('steel', 'rotterdam'), [first]);
  t.same(await search('nothing'), []);
  t.match(await store.statement(first), { ...acts[0]!.statements![0]!, position: 1, storedAt: database.clock.now });
  t.equal(await store.statement(anyDigest()), undefined);
  await t.rejects(store.statements({ limit: 1, after: 'AAAA' }), { code: 'bad_cursor' });
  await t.rejects(store.statements({ limit: 1, after: '//////////8' }), { code: 'bad_cursor' });

  const relayed = anyDigest();
  await store.commit({ contents: [{ ref: relayed, statement: first, sealed: sealed(), tokens: [token('steel')] }] });
  t.same(await store.contentRefs(first), [first, relayed]);
  t.same(await store.content(first), acts[0]!.contents![0]!.sealed);
  await store.commit({ erasures: [{ ref: first }] });
  await store.commit({ erasures: [{ ref: first }] });
  await t.rejects(store.commit({ erasures: [{ ref: anyDigest() }] }), { code: 'unknown_reference' });
  t.equal(await store.content(first), undefined);
  t.same(await store.contentRefs(first), [relayed]);
  t.same(await search('steel'), [second, first], 'another content of the same statement is still found');
  t.same(await search('rotterdam'), []);
  await store.commit({ erasures: [{ ref: relayed }] });
  t.same(await search('steel'), [second]);
  const erased = (await allLeaves(store, 'exchange')).map(parsed).filter(({ op }) => op === 'erased');
  t.same(erased.map(({ digest, ref }) => `${digest} ${ref}`).sort(), [`${first} ${first}`, `${first} ${relayed}`].sort());
  t.equal((await store.statement(first))?.jwt, acts[0]!.statements![0]!.jwt, 'the signed statement stays');
  await store.commit({ contents: [{ ref: first, statement: first, sealed: sealed(), tokens: [] }] });
  t.equal(await store.content(first), undefined, 'what was erased does not come back');
});

t.test('drafts and shipments', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const draft = {
    id: 'draft-1',
    expectVersion: 0,
    state: 'draft' as const,
    kind: 'alert',
    author: 'officer-1',
    unit: 'unit-1',
    addressees: [peerA],
    sealed: sealed(),
    open: 3,
    source: 'shipment-1',
  };
  await store.commit({ drafts: [draft] });
  await t.rejects(store.commit({ drafts: [draft] }), { code: 'version_conflict' });
  await t.rejects(store.commit({ drafts: [{ ...draft, id: 'draft-2', expectVersion: 1 }] }), { code: 'version_conflict' });
  const { sealed: _sealed, source: _source, ...rest } = draft;
  const outcomes = await Promise.allSettled(
    ['officer-2', 'officer-3'].map((by) =>
      store.commit({ drafts: [{ ...rest, expectVersion: 1, state: 'submitted', open: 0, decidedBy: by }] }),
    ),
  );
  t.same(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected'],
    'only one of two that saw the same version',
  );
  database.clock.now += 5;
  await store.commit({
    drafts: [
      {
        ...rest,
        expectVersion: 2,
        state: 'released',
        open: 0,
        reason: 'complete',
        checklist: { four_eyes: true },
        statement: anyDigest(),
        sealed: sealed(8),
      },
    ],
  });
  const record = (await store.draft('draft-1'))!;
  t.match(record, {
    version: 3,
    state: 'released',
    decidedBy: 'officer-2',
    source: 'shipment-1',
    checklist: { four_eyes: true },
    createdAt: database.clock.now - 5,
    updatedAt: database.clock.now,
  });
  t.equal(record.sealed?.ciphertext.length, 8);
  t.equal(await store.draft('draft-2'), undefined);
  await store.commit({ drafts: [{ ...draft, id: 'draft-3', author: 'officer-9' }] });
  t.same(
    (await all(1, (q) => store.drafts(q))).map((d) => d.id),
    ['draft-3', 'draft-1'],
  );
  t.same(
    (await store.drafts({ limit: 5, state: 'draft' })).items.map((d) => d.id),
    ['draft-3'],
  );
  t.same(
    (await store.drafts({ limit: 5, author: 'officer-1' })).items.map((d) => d.id),
    ['draft-1'],
  );

  const reference = token('24NL000000000001');
  const shipment = { id: 'shipment-1', reference, version: 1, state: 'declared' as const, direction: 'export', sealed: sealed() };
  const declaration = { fingerprint: token('bytes'), shipment: 'shipment-1', function: 'new' as const, sealed: sealed() };
  await store.commit({ shipments: [shipment], declarations: [declaration] });
  t.same(await store.declarationSeen(token('bytes')), { shipment: 'shipment-1' });
  t.equal(await store.declarationSeen(token('others')), undefined);
  await t.rejects(store.commit({ declarations: [declaration] }), { code: 'version_conflict' });
  await t.rejects(store.commit({ shipments: [shipment] }), { code: 'version_conflict' });
  await store.commit({ shipments: [{ ...shipment, version: 2, state: 'amended', draft: 'draft-1' }] });
  await store.commit({ shipments: [{ ...shipment, version: 3, state: 'cancelled' }] });
  t.match(await store.shipmentByReference(reference), {
    id: 'shipment-1',
    version: 3,
    state: 'cancelled',
    draft: 'draft-1',
    sealed: shipment.sealed,
  });
  t.equal((await store.shipment('shipment-1'))?.version, 3);
  t.equal(await store.shipment('shipment-2'), undefined);
  await store.commit({ shipments: [{ ...shipment, id: 'shipment-2', reference: token('other') }] });
  t.same(
    (await all(1, (q) => store.shipments(q))).map((s) => s.id),
    ['shipment-2', 'shipment-1'],
  );
  t.same(await ops(store), [], 'work in progress is in no log of exchanges');
});

t.test('AU-12 the register of persons who ask: two people answer, and who asked is forgotten when the retention ends', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const { now } = database.clock;
  const found = statement({ iss: peerA, own: false });
  const request = {
    ...{ id: 'request-1', expectVersion: 0, state: 'open' as const, right: 'ACCESS', channel: 'LETTER', identity: 'CHECKED' },
    ...{ receivedAt: now, dueAt: now + 30, extended: false, registeredBy: 'officer-1', sealed: sealed() },
  };
  await store.commit({ statements: [found], subjectRequests: [request, { ...request, id: 'request-2', dueAt: now + 10 }] });
  await t.rejects(store.commit({ subjectRequests: [request] }), { code: 'version_conflict' });
  const finding = { request: request.id, statement: found.digest };
  await store.commit({ subjectFindings: [{ ...finding, foundBy: 'officer-1' }] });
  await store.commit({ subjectFindings: [{ ...finding, concerns: true, comparedBy: 'officer-1' }] });
  await store.commit({ subjectFindings: [{ ...finding, unreachable: 'no_grant', referredBy: 'officer-1' }] });
  const referral = anyDigest();
  await store.commit({
    subjectFindings: [
      { ...finding, foundBy: 'officer-2' },
      { ...finding, referral, referredBy: 'officer-1' },
    ],
  });
  t.match(await store.subjectFindings(request.id), [{ statement: { digest: found.digest }, concerns: true, referral }]);
  t.notOk('unreachable' in (await store.subjectFindings(request.id))[0]!, 'asked now');

  t.same(await store.subjectsDue(now + 20), [{ id: 'request-2', dueAt: now + 10 }]);
  t.same(
    (await store.subjectRequests({ limit: 9, dueBy: now + 30 })).items.map(({ id }) => id),
    ['request-2', 'request-1'],
  );
  const answered = {
    ...request,
    expectVersion: 1,
    state: 'answered' as const,
    outcome: 'NOTHING_HELD',
    answeredAt: now,
    composedBy: 'officer-1',
  };
  await t.rejects(store.commit({ subjectRequests: [{ ...answered, confirmedBy: 'officer-1' }] }), 'the database, too, wants two people');
  await store.commit({ subjectRequests: [{ ...answered, confirmedBy: 'officer-2' }] });
  t.same(
    (await store.subjectRequests({ limit: 9, state: 'answered' })).items.map(({ id }) => id),
    ['request-1'],
  );
  t.equal((await store.subjectsDue(now + 99)).length, 1);

  t.same(await store.forgetSubjects(now), []);
  t.same(await store.forgetSubjects(now + 1), ['request-1']);
  t.same(await store.forgetSubjects(now + 1), [], 'once');
  const { sealed: _, ...rest } = (await store.subjectRequest('request-1'))!;
  t.match(rest, { outcome: 'NOTHING_HELD', version: 2 });
  t.equal(_, undefined, 'nobody knows any more who it was');
});
