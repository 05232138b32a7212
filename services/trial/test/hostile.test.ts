import { digestOf } from '@entente/seal';
import { generateKey, nodeSigner } from '@entente/seal/node';
import { kinds } from '@entente/statement';
import t from 'tap';
import type { Member } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, leavesOf, leavesSince, post, seconds, sighting, startAgencies } from './agencies.js';
import { operations } from './operations.js';
import { agreeOn, befriend, startRogue } from './rogue.js';
import { answerOf, type Draft, feedOf, mirrored, respelled, sealer, spareBits, spoiled, uuid, verdicts } from './sealing.js';

const federation = await startAgencies(t, ['nl-cus']);
const customs = federation.member('nl-cus');
const rogue = await startRogue(`${federation.folder}/rogue`, 'https://rogue.example', customs);
t.teardown(() => rogue[Symbol.asyncDispose]());

/** A key that was good once, published with its end, and one that nobody publishes. */
const old = generateKey('ES256');
const stranger = nodeSigner(generateKey('ES256').privateJwk);
await rogue.publish(({ keys }) => ({
  iat: seconds() - 600,
  keys: [
    ...keys.map((key) => ({ ...key, not_before: seconds() - 86_400 })),
    { iss: rogue.id, kid: old.kid, use: 'release', alg: old.alg, jwk: old.jwk, not_before: seconds() - 7200, not_after: seconds() - 3600 },
  ],
}));
await befriend(rogue, customs);
const parties = [customs.agency.id, rogue.id];
const agreement = await agreeOn(customs, arrangement(parties), [customs.agency, rogue]);
const seal = sealer(rogue, customs.agency.id, agreement);
const feed = feedOf(rogue, customs.agency.id);

const statementsOf = async (member: Member) =>
  (await member.api.analyst.GET('/v1/statements', { params: { query: { limit: 500 } } })).data!.items.map((s) => s.digest);
const inboxOf = async (release: string) =>
  (await customs.api.analyst.GET('/v1/inbox/{release}', { params: { path: { release } } }).catch(() => undefined))?.data;
const quarantineOf = async () => (await customs.api.administrator.GET('/v1/quarantine', { params: { query: { limit: 500 } } })).data!.items;
const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test compares what is held with what was sent' };
const differencesOf = async (statement: string) =>
  ((await customs.api.content(statement, why)).body as { differences?: string }).differences;
const feedState = async () => (await customs.api.administrator.GET('/v1/feeds')).data!.items.find((item) => item.peer === rogue.id)!;
const incoming = async () => (await feedState()).incoming;
/** Leaves that speak of the rogue: others come by the clock. */
const aboutRogue = async () => (await leavesOf(customs)).filter(({ peer }) => peer === rogue.id).length;

t.test('F03 what is refused or quarantined blocks nothing behind it, each with its code; F29 renamed statements are none', async (t) => {
  const p1 = sighting('A person was seen with the goods', { narrative_class: 'P1' });
  const alert = kinds.get('alert')!;
  const { valid_from, valid_until } = p1;
  const bad: [what: string, verdict: string, code: string, draft: Partial<Draft>][] = [
    ['a forged signature on the release', 'quarantined', 'bad_signature', { jwt: spoiled }],
    ['a forged signature on the statement', 'quarantined', 'bad_signature', { statement: respelled(spoiled) }],
    ['a release signed by a key that nobody published', 'quarantined', 'unknown_key', { releaseSigner: stranger }],
    ['a statement signed by a key that nobody published', 'quarantined', 'unknown_key', { statementSigner: stranger }],
    ['a key that had run out', 'quarantined', 'key_not_valid', { releaseSigner: nodeSigner(old.privateJwk) }],
    ['the key for statements on a release', 'quarantined', 'unknown_key', { releaseSigner: rogue.signer('statement') }],
    ['a release in the name of another node', 'quarantined', 'unknown_key', { claims: { iss: 'https://other.example' } }],
    ['a release to another node', 'refused', 'wrong_audience', { claims: { aud: 'https://de-lic.example' } }],
    ['F29 (r, n - s) on the statement', 'quarantined', 'non_canonical', { statement: respelled(mirrored) }],
    ['F29 unused bits on the statement', 'quarantined', 'non_canonical', { statement: respelled(spareBits) }],
    ['F29 (r, n - s) on the release', 'quarantined', 'non_canonical', { jwt: mirrored }],
    ['F29 unused bits on the release', 'quarantined', 'non_canonical', { jwt: spareBits }],
    [
      'another statement than the release names',
      'quarantined',
      'wrong_statement',
      { statement: (s) => ({ ...s, digest: digestOf('other') }) },
    ],
    [
      'a tampered disclosure',
      'quarantined',
      'unreferenced_disclosure',
      { disclosures: ([a, ...rest]) => [rewritten(a!, 2, 'SMALL'), ...rest] },
    ],
    [
      'a renamed disclosure',
      'quarantined',
      'unreferenced_disclosure',
      { disclosures: ([a, ...rest]) => [rewritten(a!, 1, 'title'), ...rest] },
    ],
    [
      'a disclosure too many',
      'quarantined',
      'unreferenced_disclosure',
      { disclosures: (all) => [...all, textOf(['c2FsdHNhbHRzYWx0c2FsdA', 'title', 'x'])] },
    ],
    ['a disclosure twice', 'quarantined', 'duplicate_disclosure', { disclosures: (all) => [...all, all[0]!] }],
    ['a disclosure too few', 'refused', 'disclosures_differ', { disclosures: (all) => all.slice(1) }],
    [
      'more disclosures than may be',
      'quarantined',
      'too_large',
      { disclosures: () => Array.from({ length: 4097 }, (_, i) => textOf([String(i), i])) },
    ],
    ['more bytes of disclosures than may be', 'quarantined', 'too_large', { disclosures: () => [textOf(['salt', 'x'.repeat(900_000)])] }],
    ['more bytes of release than may be', 'quarantined', 'too_large', { terms: { purposes: ['x'.repeat(200_000)] } }],
    ['a kind that is not known here', 'quarantined', 'unknown_kind', { kind: { ...kinds.get('sighting')!, name: 'presentiment' } }],
    ['a version that is not known here', 'quarantined', 'unknown_kind', { kind: { ...kinds.get('sighting')!, ver: '9.0' } }],
    ['a value outside its code list', 'quarantined', 'schema', { input: sighting('none', { match_level: 'NO_DOUBT' }) }],
    [
      'an agreement that is not held here',
      'refused',
      'agreement_unknown',
      { terms: { agreement: { ...agreement, digest: digestOf('none') } } },
    ],
    ['another version of the agreement', 'refused', 'agreement_unknown', { terms: { agreement: { ...agreement, version: 2 } } }],
    [
      'a kind that the agreement does not cover',
      'refused',
      'kind_not_covered',
      { kind: alert, input: { ...alert.example, valid_from, valid_until } },
    ],
    ['a class that the agreement does not cover', 'refused', 'class_not_covered', { input: p1 }],
    ['a purpose that the agreement does not cover', 'refused', 'purpose_not_covered', { terms: { purposes: ['LICENSING'] } }],
    ['terms that have run out', 'refused', 'expired', { terms: { retain_until: seconds() - 1 } }],
    ['a marking above the agreement', 'refused', 'handling_not_covered', { input: classified('SECRET') }],
    [
      'purposes that no database can hold',
      'quarantined',
      'unknown_kind',
      { kind: { ...kinds.get('sighting')!, name: 'nul' }, terms: { purposes: ['\u0000'] } },
    ],
  ];
  const items = await Promise.all(
    bad.map(async ([what, verdict, code, draft]) => ({ what, verdict, code, sealed: await seal({ input: sighting(what), ...draft }) })),
  );
  const before = await seal({ input: sighting('the one before') });
  const behind = await seal({ input: sighting('the one behind') });
  const logged = await leavesOf(customs);
  const held = await statementsOf(customs);

  const poll = await rogue.offer(answerOf(before, ...items.map((item) => item.sealed), behind));
  const said = await verdicts(poll, customs, rogue);
  for (const { what, verdict, code, sealed } of items) {
    t.match(said.get(sealed.digest), { verdict, code }, what);
    t.equal(poll.ack.includes(sealed.name), verdict === 'quarantined', `${what}: ${verdict} in the words of RFC 8936`);
    t.equal(poll.setErrs[sealed.name]?.err, verdict === 'refused' ? code : undefined);
  }
  for (const good of [before, behind]) t.match(said.get(good.digest), { verdict: 'held' }, 'what stood beside them is held');
  t.same(
    new Set(await statementsOf(customs)),
    new Set([...held, before.statement.digest, behind.statement.digest]),
    'nothing else is held',
  );
  const leaves = await leavesSince(customs, logged);
  const count = (op: string) => leaves.filter((leaf) => leaf.op === op).length;
  const expected = (verdict: string) => items.filter((item) => item.verdict === verdict).length;
  t.same(
    [count('received'), count('quarantined'), count('refused')],
    [2, expected('quarantined'), expected('refused')],
    'the log has each once',
  );
  const kept = (await quarantineOf()).map((item) => item.release);
  t.same(
    new Set(kept),
    new Set(items.filter((item) => item.verdict === 'quarantined').map((item) => item.sealed.digest)),
    'an officer sees them',
  );
});

t.test('F03 names that cannot be stored, one release under two names, answers that are none: the feed goes on', async (t) => {
  const twin = await seal({ input: sighting('one release, two names') });
  const nul = `a\u0000b`;
  const long = 'x'.repeat(9000);
  const behind = await seal({ input: sighting('behind the names') });
  const poll = await rogue.offer({
    sets: { [nul]: 'no release', [long]: 'no release either', [twin.name]: twin.jwt, other: twin.jwt, [behind.name]: behind.jwt },
    disclosures: { [twin.name]: twin.disclosures, other: twin.disclosures, [behind.name]: behind.disclosures },
  });
  const said = await verdicts(poll, customs, rogue);
  t.match(said.get(behind.digest), { verdict: 'held' }, 'what stood beside is held');
  t.match(said.get(twin.digest), { verdict: 'held' }, 'under its own name it is good');
  t.match(said.get(digestOf('no release')), { verdict: 'quarantined', code: 'malformed' });

  for (const answer of ['{"sets":{},"sets":{}}', '{"sets":[]}', 'no JSON', `{"sets":{"a":"${'x'.repeat(9 * 1024 * 1024)}"}}`]) {
    const log = await aboutRogue();
    await rogue.offer(answer);
    t.equal(await aboutRogue(), log, `${answer.slice(0, 20)} changes nothing`);
  }
  const last = await seal({ input: sighting('behind the answers') });
  t.match((await verdicts(await rogue.offer(answerOf(last)), customs, rogue)).get(last.digest), { verdict: 'held' });
});

t.test(
  'F05 a bad signature on an update of something held: quarantined, nothing overwritten, the sender told, the log has it',
  async (t) => {
    const jti = uuid();
    const original = await seal({ input: sighting('as it was first said'), jti });
    await rogue.offer(answerOf(original));
    const update = { ...sighting('as a forger would have it'), rel: [{ type: 'supersedes', of: original.statement.digest }] };
    const forged = await seal({ input: update as never, jti, statement: respelled(spoiled) });
    const renamed = await seal({ input: sighting('another under the same name'), jti });
    const logged = await leavesOf(customs);

    const said = await verdicts(await rogue.offer(answerOf(forged)), customs, rogue);
    t.match(said.get(forged.digest), { verdict: 'quarantined', code: 'bad_signature' });
    const second = await verdicts(await rogue.offer(answerOf(renamed)), customs, rogue);
    t.match(second.get(renamed.digest), { verdict: 'refused', code: 'jti_reused' }, 'a good signature does not help either');
    t.equal(await differencesOf(original.statement.digest), 'as it was first said');
    t.match(await inboxOf(original.digest), { verdict: 'held' });
    const leaves = await leavesSince(customs, logged);
    t.match(
      leaves.find((leaf) => leaf.digest === forged.digest),
      { op: 'quarantined', peer: rogue.id },
    );
    t.match(
      leaves.find((leaf) => leaf.digest === renamed.digest),
      { op: 'refused', peer: rogue.id },
    );
  },
);

t.test('(iss, jti) names one release: a second one is refused, and both stay', async (t) => {
  const first = await seal({ input: sighting('first of the name') });
  const second = await seal({ input: sighting('second of the name'), claims: { jti: first.name } });
  await rogue.offer(answerOf(first));
  const said = await verdicts(await rogue.offer(answerOf(second)), customs, rogue);
  t.match(said.get(second.digest), { verdict: 'refused', code: 'jti_reused' });
  t.match(await inboxOf(first.digest), { verdict: 'held' });
  t.match(await inboxOf(second.digest), { verdict: 'refused', code: 'jti_reused' });
});

t.test('F10 the same again at once and after a restart: one effect, the same receipt byte for byte', async (t) => {
  const good = await seal({ input: sighting('once is enough') });
  const forged = await seal({ input: sighting('forged and again'), jwt: spoiled });
  const foreign = await seal({ input: sighting('foreign and again'), claims: { aud: 'https://de-lic.example' } });
  const all = answerOf(good, forged, foreign);
  const { receipts } = await rogue.offer(all);
  t.equal(receipts.length, 1, 'one receipt for all of an answer');
  const log = await aboutRogue();
  const kept = (await quarantineOf()).length;
  const again = async (when: string) => {
    t.same(new Set((await rogue.offer(all)).receipts), new Set(receipts), `${when}: the stored receipt`);
    t.equal(await aboutRogue(), log, `${when}: the log is as it was`);
    t.equal((await quarantineOf()).length, kept, `${when}: the quarantine is as it was`);
    t.equal((await statementsOf(customs)).filter((digest) => digest === good.statement.digest).length, 1, `${when}: held once`);
  };
  await again('at once');
  await customs.node.kill();
  await federation.restart('nl-cus');
  await again('after a restart');
});

t.test('F22 what is withheld is named by its position after the merge delay, and the rest goes on', async (t) => {
  const { last } = await incoming();
  t.equal(last, feed.last(), 'nothing is on a page yet');
  const [one, two, three] = await Promise.all([1, 2, 3].map((i) => seal({ input: sighting(`number ${i} on a page`) })));
  const page = await feed.page(one!, two!, three!);
  await rogue.offer({ ...answerOf(one!, three!), pages: [page] });
  const missing = await until('the position is named', async () => {
    const state = await incoming();
    return state.missing.length > 0 ? state : undefined;
  });
  t.match(missing, { complete: false, last: 3, missing: [{ position: 2, release: two!.digest }] });
  t.ok(
    rogue.requests.some((request) => request.startsWith('GET /feed/voids?epoch=1&from=2')),
    'the node asked for a note that it is void',
  );
  t.match(await inboxOf(three!.digest), { verdict: 'held' }, 'what is behind the gap is held');
  await rogue.offer(answerOf(two!));
  t.same((await incoming()).missing, [], 'late is better than never');
});

t.test(
  'F22 a hole between pages, a chain that does not fit, a page that nobody signed: the releases come in, and are named as on no page',
  async (t) => {
    const [hole, chained, forged] = await Promise.all(
      ['hole', 'chain', 'forger'].map((i) => seal({ input: sighting(`a page with a ${i}`) })),
    );
    const { last } = await incoming();
    const pages = [
      [hole!, await feed.falsePage({ first: last + 2 }, hole!)],
      [chained!, await feed.falsePage({ chain: Buffer.alloc(32, 7) }, chained!)],
      [forged!, spoiled(await feed.falsePage({}, forged!))],
    ] as const;
    for (const [sealed, page] of pages) {
      const said = await verdicts(await rogue.offer({ ...answerOf(sealed), pages: [page] }), customs, rogue);
      t.match(said.get(sealed.digest), { verdict: 'held' }, 'a page does not gate what is on it');
    }
    const named = await until('they are named', async () => {
      const { unannounced } = await incoming();
      const releases = unannounced.map((item) => item.release);
      return pages.every(([sealed]) => releases.includes(sealed.digest)) ? await incoming() : undefined;
    });
    t.match(named, { complete: false, last });
    t.match(await customs.node.log(), /feed_incomplete/, 'the log of the node says so');
    const next = await seal({ input: sighting('on the true next page') });
    await rogue.offer({ ...answerOf(next), pages: [await feed.page(next)] });
    t.equal((await incoming()).last, last + 1, 'the true next page is taken');
  },
);

t.test('F03 what this node releases and a partner refuses is a dead letter that holds up nothing, and leaves again by hand', async (t) => {
  const refused = await post(customs, sighting('to be refused'), [rogue.id]);
  const accepted = await post(customs, sighting('to be taken'), [rogue.id]);
  const offered = async (body = {}) =>
    (await rogue.ask(customs, { path: '/feed/poll', body: { returnImmediately: true, ...body } })).json.sets as Record<string, string>;
  const about = (sets: Record<string, string>, statement: string) =>
    Object.keys(sets).find((jti) => claimsOf(sets[jti]!).sub_id.uri.endsWith(statement))!;
  const sets = await offered();
  const name = about(sets, refused);
  const rest = await offered({ ack: [about(sets, accepted)], setErrs: { [name]: { err: 'class_not_covered' } } });
  t.same(rest, {}, 'nothing is offered again by itself');
  const [letter] = (await customs.api.administrator.GET('/v1/dead-letters', { params: { query: {} } })).data!.items;
  t.match(letter, { statement: refused, addressee: rogue.id, state: 'refused', code: 'class_not_covered' });
  t.match(await customs.api.releases(accepted), [{ state: 'held' }], 'what was behind it has gone');

  await customs.api.releaser.POST('/v1/dead-letters/{release}/retry', { params: { path: { release: letter!.release } } });
  const anew = await offered();
  t.ok(about(anew, refused), 'by hand it is offered again');
  await offered({ ack: [about(anew, refused)] });
  t.same(
    (await customs.api.administrator.GET('/v1/dead-letters', { params: { query: {} } })).data!.items,
    [],
    'and no dead letter any more',
  );
});

t.test('a statement of another originator without consent is refused', async (t) => {
  const own = await post(customs, sighting('of the customs themselves'), [rogue.id]);
  const { json } = await rogue.ask(customs, { path: '/feed/poll', body: { returnImmediately: true } });
  const [jti, jwt] = Object.entries(json.sets as Record<string, string>).find(([, jwt]) => claimsOf(jwt).sub_id.uri.endsWith(own))!;
  const texts = (json.disclosures as Record<string, string[]>)[jti]!;
  const event = Object.values(claimsOf(jwt).events)[0]!;
  const relayed = await seal({
    input: sighting('in its place'),
    statement: () => ({ jwt: event.statement, digest: own, disclosures: texts.map((text) => ({ text, digest: digestOf(text) })) }) as never,
  });
  t.match((await verdicts(await rogue.offer(answerOf(relayed)), customs, rogue)).get(relayed.digest), {
    verdict: 'refused',
    code: 'no_onward_consent',
  });
});

t.test(
  'F04 quarantine is judged again by hand: still unknown, or held after the fix, with a receipt that replaces the first',
  async (t) => {
    const retry = async (release: string) =>
      (await customs.api.administrator.POST('/v1/quarantine/{release}/retry', { params: { path: { release } } })).data!;
    const future = await seal({ input: sighting('of a kind to come'), kind: { ...kinds.get('sighting')!, name: 'foresight' } });
    await rogue.offer(answerOf(future));
    t.match(await retry(future.digest), { verdict: 'quarantined', code: 'unknown_kind' });
    t.match(await inboxOf(future.digest), { verdict: 'quarantined', code: 'unknown_kind' });
    t.equal(await codeOf(retry(digestOf('nothing'))), 'not_found');

    const next = generateKey('ES256');
    const iat = seconds();
    const early = await seal({ input: sighting('signed by a key to come'), iat, releaseSigner: nodeSigner(next.privateJwk) });
    const first = await verdicts(await rogue.offer(answerOf(early)), customs, rogue);
    t.match(first.get(early.digest), { verdict: 'quarantined', code: 'unknown_key' });
    t.match(await retry(early.digest), { verdict: 'quarantined', code: 'unknown_key' }, 'nothing has changed yet');

    await rogue.publish(({ keys }) => ({
      iat,
      keys: [
        ...keys,
        { iss: rogue.id, kid: next.kid, use: 'release', alg: next.alg, jwk: next.jwk, not_before: iat, not_after: iat + 86_400 },
      ],
    }));
    rogue.cut(); // a known peer fetches the newer configuration when it comes again
    await until('the new configuration', async () =>
      (await customs.api.peers()).some((peer) => Date.parse(peer.configuration_issued_at) === iat * 1000) ? true : undefined,
    );
    t.match(await retry(early.digest), { verdict: 'held' });
    t.match(await inboxOf(early.digest), { verdict: 'held' });
    t.equal(await differencesOf(early.statement.digest), 'signed by a key to come');
    t.equal(await codeOf(retry(early.digest)), 'not_found', 'it lies in quarantine no longer');
    const replaced = await until('the second receipt', async () => {
      // It may have gone with the poll that followed the new configuration.
      const polls = [await rogue.polled(), await rogue.offer({})];
      const said = await Promise.all(polls.map((poll) => verdicts(poll, customs, rogue)));
      return said.map((one) => one.get(early.digest)).find((item) => item?.verdict === 'held');
    });
    t.ok(replaced.replaces, 'it names the receipt that it replaces');
  },
);

t.test('F03 more rubbish than a receipt has places and a quarantine has room: refused, and what is behind it comes in', async (t) => {
  const names = Array.from({ length: 1100 }, (_, i) => `rubbish-${i}`);
  const after = await seal({ input: sighting('behind the rubbish') });
  const sets = { ...Object.fromEntries(names.map((name) => [name, `rubbish ${name}`])), [after.name]: after.jwt };
  const polls = [await rogue.offer({ sets, disclosures: { [after.name]: after.disclosures } }), await rogue.offer({})];
  const said = new Map((await Promise.all(polls.map((poll) => verdicts(poll, customs, rogue)))).flatMap((one) => [...one]));
  t.match(said.get(after.digest), { verdict: 'held' });
  t.match(said.get(digestOf('rubbish rubbish-0')), { verdict: 'quarantined', code: 'malformed' });
  t.match(said.get(digestOf('rubbish rubbish-1099')), { verdict: 'refused', code: 'quarantine_full' });
  t.equal(said.size, 1101, 'each has its verdict');
});

t.test('LC-04 a partner neither lists nor searches what this node holds: it reaches nothing but its own exchange', async (t) => {
  const canary = 'held for officers only';
  await post(customs, sighting(canary), [rogue.id]);
  const words = { 'entente-purpose': why.purpose, 'entente-justification': why.justification };
  for (const { method, path, operationId } of operations().filter(({ path }) => !path.startsWith('/federation/'))) {
    const filled = path.replace(/\{(\w+)\}/g, 'A'.repeat(43));
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: { words: [canary] } };
    const { status, text } = await rogue.ask(customs, { base: '', method, path: filled, headers: words, ...body });
    t.equal(status, 404, operationId);
    t.notMatch(text, canary);
  }
});

/** The disclosure with one of its members changed. */
function rewritten(text: string, at: number, value: unknown): string {
  const parts = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
  parts[at] = value;
  return textOf(parts);
}
function textOf(parts: unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}
function classified(level: string) {
  const input = sighting('higher than was agreed');
  return { ...input, handling: { ...input.handling, classification: { ...input.handling.classification, level } } };
}
function claimsOf(jwt: string): { sub_id: { uri: string }; events: Record<string, { statement: string }> } {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString());
}
