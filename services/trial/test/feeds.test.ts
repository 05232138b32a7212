/** What a feed promises: to whom it goes, that it can be read again from any position, and that it ends where it ends. */
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, heldByAll, leavesOf, leavesSince, post, seconds, sighting, startAgencies } from './agencies.js';
import { agreeOn, ask, befriend, startRogue } from './rogue.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic']);
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
const parties = [customs.agency.id, licensing.agency.id];
/** A partner that reads its feed by hand. */
const reader = await startRogue(`${federation.folder}/rogue`, 'https://reader.example', customs);
t.teardown(() => reader[Symbol.asyncDispose]());

const statementsOf = async (member: Member) =>
  (await member.api.analyst.GET('/v1/statements', { params: { query: { limit: 500 } } })).data!.items.map((s) => s.digest);
t.test('F07 no audience, an unknown or a removed one, no agreement, one without grants: nobody receives it', async (t) => {
  const before = { statements: await statementsOf(customs), log: await leavesOf(customs) };
  const postTo = (...to: string[]) => codeOf(post(customs, sighting('to whom?'), to));
  t.equal(await postTo(), 'invalid_request', 'an empty audience');
  t.equal(await postTo('https://nobody.example'), 'invalid_statement', 'an unknown one');
  t.equal(await postTo(licensing.agency.id), 'invalid_statement', 'one that is not introduced yet');
  await introduce(federation.members);
  t.equal(await postTo(licensing.agency.id), 'nothing_released', 'a partner without an agreement');
  await agree(federation.members, arrangement(parties, { grants: [] }));
  t.equal(await postTo(licensing.agency.id), 'nothing_released', 'an agreement without grants');
  const ended = arrangement(parties, { effective: seconds() - 3 * 86_400, expires: seconds() - 86_400 });
  t.equal(await codeOf(agree(federation.members, ended)), 'agreement_state', 'one that has ended is signed by nobody');
  await agree(federation.members, arrangement(parties, { effective: seconds() + 86_400, expires: seconds() + 2 * 86_400 }));
  t.equal(await postTo(licensing.agency.id), 'nothing_released', 'an agreement that has not begun');
  await befriend(reader, customs);
  await customs.api.administrator.DELETE('/v1/peers/{id}', { params: { path: { id: reader.id } } });
  t.equal(await postTo(reader.id), 'invalid_statement', 'a removed one');
  t.same(await statementsOf(customs), before.statements, 'nothing is issued');
  const grown = (await leavesSince(customs, before.log)).map((leaf) => leaf.op);
  t.notOk(
    grown.some((op) => op === 'issued' || op === 'released'),
    'and nothing is on a feed',
  );
  t.same(await licensing.api.inbox(), []);
});

t.test('F01 many officers post at the same moment while the partner reads: every position comes, once', async (t) => {
  await agree(federation.members, arrangement(parties));
  const posted = await Promise.all(Array.from({ length: 24 }, (_, i) => post(customs, sighting(`at once ${i}`), [licensing.agency.id])));
  await Promise.all(posted.map((digest) => heldByAll(customs, digest)));
  t.same(new Set(await statementsOf(licensing)), new Set(posted));
  const positions = await Promise.all(posted.map(async (digest) => (await customs.api.releases(digest))[0]!.position));
  t.same(
    positions.sort((a, b) => a - b),
    posted.map((_, i) => i + 1),
    'positions without a gap',
  );
});

t.test('F06 what looks alike is signed apart, or refused', async (t) => {
  const spellings = ['ABC Trading', 'ABCTrading', 'Société', 'Socie\u0301te\u0301'];
  const digests = await Promise.all(spellings.map((words) => post(customs, sighting(words), [licensing.agency.id])));
  t.equal(new Set(digests).size, spellings.length, 'each has a name of its own');
  const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test compares spellings' };
  for (const [i, digest] of digests.entries()) {
    await heldByAll(customs, digest);
    const { body } = await licensing.api.content(digest, why);
    t.equal((body as { differences: string }).differences, spellings[i], 'held as it was written');
  }
  const statements = (await statementsOf(customs)).length;
  const text = JSON.stringify({ statement: sighting('twice'), addressees: [licensing.agency.id] });
  const ambiguous: [string, string][] = [
    [text.replace('{"kind"', '{"kind":"alert","kind"'), 'duplicate_member'],
    [text.replace('"addressees"', '"n":1.0,"addressees"'), 'bad_number'],
    [text.replace('"addressees"', '"n":1e0,"addressees"'), 'bad_number'],
  ];
  for (const [body, code] of ambiguous) {
    const answer = await fetch(`${customs.agency.url}/v1/statements`, {
      method: 'POST',
      headers: { authorization: `Bearer ${customs.tokens.analyst}`, 'content-type': 'application/json', 'idempotency-key': code },
      body,
    });
    t.match(await answer.json(), { code });
  }
  t.equal((await statementsOf(customs)).length, statements, 'nothing of it is issued');
});

t.test('F10 the whole feed is replayed, at once and after restarts of both: one effect, the same receipts', async (t) => {
  const { key, certificate: cert } = licensing.agency.tls;
  const state = async () => ({
    log: (await leavesOf(licensing)).length,
    senderLog: (await leavesOf(customs)).length,
    held: (await statementsOf(licensing)).length,
    receipts: (await customs.api.auditor.GET('/audit/v1/receipts', { params: { query: { limit: 500 } } }))
      .data!.items.map((receipt) => receipt.digest)
      .sort(),
  });
  const all = await statementsOf(customs);
  const before = await state();
  const replay = async (when: string) => {
    const { json } = await ask(customs, { key, cert }, { path: '/feed/replay', body: { epoch: 1, after: 0 } });
    t.same(json, { offered: all.length }, `${when}: everything is offered again`);
    await Promise.all(all.map((digest) => heldByAll(customs, digest)));
    t.same(await state(), before, `${when}: nothing has changed on either side`);
  };
  await replay('at once');
  await Promise.all([licensing.node.kill(), customs.node.kill()]);
  await Promise.all([federation.restart('de-lic'), federation.restart('nl-cus')]);
  await replay('after a restart');
});

t.test('a partner that reads by hand', async (t) => {
  await customs.api.administrator.PATCH('/v1/peers/{id}', { params: { path: { id: reader.id } }, body: { state: 'active' } });
  const payload = arrangement([customs.agency.id, reader.id]);
  const { digest: supersedes } = await agreeOn(customs, payload, [customs.agency, reader]);
  const posted: string[] = [];
  for (const i of [1, 2, 3, 4, 5]) posted.push(await post(customs, sighting(`for the reader ${i}`), [reader.id]));

  const read = async (body: object = {}) =>
    (await reader.ask(customs, { path: '/feed/poll', body: { returnImmediately: true, ...body } })).json as {
      sets: Record<string, string>;
      disclosures: Record<string, string[]>;
      pages: string[];
      moreAvailable?: true;
    };
  const replay = (body: object) => reader.ask(customs, { path: '/feed/replay', body });
  const positionsOf = (sets: Record<string, string>) =>
    Object.values(sets)
      .map((jwt) => posted.indexOf(claimsOf(jwt).sub_id.uri.split(';')[1]!) + 1)
      .sort();
  const readAll = async () => {
    const got = await read();
    await read({ ack: Object.keys(got.sets), maxEvents: 0 });
    return got;
  };
  let first: Awaited<ReturnType<typeof read>>;

  await t.test('F16 what is not acknowledged comes again, what is acknowledged does not, and the end is the end', async (t) => {
    t.same(positionsOf((await read()).sets), [1, 2, 3, 4, 5]);
    const two = await read({ maxEvents: 2 });
    t.same(positionsOf(two.sets), [1, 2], 'in order, as many as were asked for');
    t.equal(two.moreAvailable, true);
    t.same(positionsOf((await read({ maxEvents: 2 })).sets), [1, 2], 'not acknowledged: the same again');
    first = await readAll();
    const end = await read();
    t.same(end.sets, {}, 'acknowledged: no more of it');
    t.notOk('moreAvailable' in end, 'and nobody is told to ask again');
  });

  await t.test('F16 a replay begins after the position that it names; pages begin at it', async (t) => {
    t.same((await replay({ epoch: 1, after: 3 })).json, { offered: 2 });
    t.same(positionsOf((await readAll()).sets), [4, 5], 'exclusive');
    t.same((await replay({ epoch: 1, after: 5 })).json, { offered: 0 }, 'at the end nothing');
    t.same((await replay({ epoch: 1, after: 99 })).json, { offered: 0 }, 'and behind it');
    t.same((await replay({ epoch: 1, after: 0, kinds: ['alert'] })).json, { offered: 0 }, 'of other kinds');
    t.match((await replay({ epoch: 2, after: 0 })).json, { code: 'unknown_epoch' });
    t.match((await replay({ epoch: 1, after: -1 })).json, { code: 'invalid_request' });
    t.same((await read()).sets, {});
    const pages = async (from: number) =>
      ((await reader.ask(customs, { method: 'GET', path: `/feed/pages?epoch=1&from=${from}` })).json.pages as string[]).flatMap((page) => {
        const { first, entries } = claimsOf(page) as unknown as { first: number; entries: unknown[] };
        return entries.map((_, i) => first + i);
      });
    t.same(await pages(1), [1, 2, 3, 4, 5]);
    t.ok((await pages(5)).includes(5), 'inclusive');
    t.same(await pages(6), []);
    t.same((await read({ pages_after: { epoch: 1, position: 5 } })).pages, [], 'a poll names the last position that it has a page for');
  });

  await t.test('F16 a list is walked to its end, each item once, while others are added', async (t) => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const query = { limit: 3, ...(after === undefined ? {} : { after }) };
      const { items, next } = (await customs.api.analyst.GET('/v1/statements', { params: { query } })).data!;
      if (seen.length === 0) posted.push(await post(customs, sighting('added meanwhile'), [reader.id]));
      seen.push(...items.map((item) => item.digest));
      after = next;
    } while (after !== undefined && seen.length < 500);
    const all = await statementsOf(customs);
    t.equal(new Set(seen).size, seen.length, 'none twice');
    t.same(new Set([...seen, posted.at(-1)]), new Set(all), 'none left out');
    t.equal(await codeOf(customs.api.analyst.GET('/v1/statements', { params: { query: { after: 'made-up' } } })), 'bad_cursor');
    await readAll();
  });

  await t.test('F15 back after a year or from a backup: everything again from any position, the very bytes', async (t) => {
    t.same((await replay({ epoch: 1, after: 0 })).json, { offered: 6 });
    const again = await readAll();
    for (const [jti, jwt] of Object.entries(first.sets)) {
      t.equal(again.sets[jti], jwt);
      t.same(again.disclosures[jti], first.disclosures[jti]);
    }
  });

  await t.test('F15 F07 what may no longer leave is named as void, position by position, with a signed note', async (t) => {
    await agreeOn(customs, { ...payload, version: 2, supersedes, grants: [] }, [customs.agency, reader]);
    await replay({ epoch: 1, after: 0 });
    t.same((await read()).sets, {}, 'the agreement that let it leave is no more');
    const { voids } = (await reader.ask(customs, { method: 'GET', path: '/feed/voids?epoch=1&from=1' })).json as { voids: string[] };
    t.same(
      voids.map((jwt) => claimsOf(jwt) as never as { position: number; code: string }).map(({ position, code }) => [position, code]),
      [1, 2, 3, 4, 5, 6].map((position) => [position, 'withdrawn']),
    );
    t.equal(await codeOf(post(customs, sighting('after the end'), [reader.id])), 'nothing_released');
  });
});

t.test('F19 a partner that was down and asks us is asked by us at once, not when its time comes', async (t) => {
  await reader.down();
  const retry = await until(
    'a long pause between tries',
    async () => {
      const lines = (await customs.node.log())
        .split('\n')
        .filter((line) => line.includes('feed cannot be pulled') && line.includes(reader.id));
      const { time, in_ms } = JSON.parse(lines.at(-1) ?? '{"time":0,"in_ms":0}') as { time: number; in_ms: number };
      return in_ms >= 8_000 ? { at: time + in_ms } : undefined;
    },
    90,
  );
  await reader.up();
  const asked = reader.polled();
  await reader.ask(customs, { path: '/feed/poll', body: { returnImmediately: true } });
  await asked;
  t.ok(Date.now() < retry.at, 'long before the next try was due');
});

function claimsOf(jwt: string): { sub_id: { uri: string } } {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString());
}
