import { join } from 'node:path';
import { codesOf, kinds, type StatementInput } from '@entente/statement';
import pg from 'pg';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { people } from '../src/people.js';
import { programs, runProgram } from '../src/programs.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, heldByAll, leavesOf, post, seconds, sighting, startAgencies } from './agencies.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic', 'qm-cus']);
/** The originator, the holder, and the agency that it passes on to. */
const [a, b, c] = ['nl-cus', 'de-lic', 'qm-cus'].map((name) => federation.member(name)) as [Member, Member, Member];
await introduce(federation.members);
const [grant] = arrangement([]).grants as object[];
const between = (from: Member, to: Member, kindsGranted: string[], change: object = {}) => ({
  ...grant,
  from: [from.agency.id],
  to: [to.agency.id],
  kinds: kindsGranted,
  classes: ['N0', 'N1', 'C1'],
  ...change,
});
const talk = ['consent_request', 'consent'];
await agree(
  federation.members,
  arrangement([a.agency.id, b.agency.id], { grants: [between(a, b, ['alert', 'sighting', ...talk]), between(b, a, ['alert', ...talk])] }),
);
const onward = [between(b, c, ['alert'], { retention_days: 90 }), between(b, c, ['sighting'], { release: 'second_officer' })];
await agree(federation.members, arrangement([b.agency.id, c.agency.id], { grants: onward }));

const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test passes on what an agency has given to another' };
const headers = { 'entente-purpose': why.purpose, 'entente-justification': why.justification };
const at = (offset: number) => `${new Date((seconds() + offset) * 1000).toISOString().slice(0, 19)}Z`;
const day = 86_400;
/** Seconds, on a machine that has other things to do. */
const patience = 120;

const example = kinds.get('alert')!.example;
function alert(change: Partial<StatementInput> = {}, body: Record<string, unknown> = {}): StatementInput {
  const whole = { ...structuredClone(example), valid_from: at(0), valid_until: at(30 * day), ...change };
  return { ...whole, body: { ...whole.body, ...body } } as StatementInput;
}

const scope = (change: object = {}) => ({
  fields: ['/body/title', '/body/alert_kind', '/body/goods', '/body/suspicions', '/body/urgency'],
  classes: ['N0' as const, 'C1' as const],
  purposes: ['CUSTOMS_CONTROL' as const],
  until: at(5 * day),
  ...change,
});

async function given(body: Record<string, unknown> = {}): Promise<string> {
  const digest = await post(a, alert({}, body), [b.agency.id]);
  await heldByAll(a, digest, patience);
  return digest;
}

async function ask(statement: string, change: object = {}): Promise<string> {
  const body = {
    statement,
    to_whom: [c.agency.id],
    why: 'The consignee is established there.',
    scope: scope(),
    reply_by: at(10 * day),
    ...change,
  };
  const { data } = await b.api.analyst.POST('/v1/onward/requests', { body });
  const request = (data as { statement: string }).statement;
  await heldByAll(b, request, patience);
  return request;
}

/** By one officer, released by another: the digest of the consent, once its holder has it. */
async function decide(request: string, body: object): Promise<string> {
  const { data } = await a.api.analyst.POST('/v1/onward/requests/{digest}/decision', {
    params: { path: { digest: request }, header: headers },
    body: body as never,
  });
  return released((data as { draft: string }).draft);
}
async function released(draft: string): Promise<string> {
  const { statement } = await a.api.release(
    draft,
    { checklist: codesOf('release-checklist') as never, reason: 'Fits the arrangement' },
    why,
  );
  await heldByAll(a, statement, patience);
  return statement;
}
const grants = (change: object = {}) => ({
  decision: 'GRANTED',
  to_whom: [c.agency.id],
  scope: { ...scope(), retain_until: at(20 * day), ...change },
});
/** What the node answers, refusals with all that they say. */
async function answer(member: Member, person: 'analyst' | 'releaser', path: string, body: object): Promise<Record<string, unknown>> {
  return answerTo(member, member.tokens[person], path, body);
}
async function answerTo({ agency }: Member, token: string, path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${agency.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}
const passOn = (statement: string, hold_back: string[] = []) =>
  answer(b, 'releaser', '/v1/onward/releases', { statement, addressees: [c.agency.id], hold_back, reason: 'The originator has consented' });
const rulesOf = async (answered: Promise<Record<string, unknown>>) =>
  ((await answered).releases as { state: string; rule?: string }[]).map(({ state, rule }) => rule ?? state);
const findingsOf = async (answered: Promise<Record<string, unknown>>) =>
  ((await answered).findings as { id: string; pointer: string }[]).map(({ id, pointer }) => `${id} ${pointer}`);
const stateOf = async (member: Member, request: string) =>
  (await member.api.analyst.GET('/v1/onward/requests', { params: { query: {}, header: headers } })).data!.items.find(
    (item) => item.request === request,
  )?.state;
t.test('F12 OC-01 A gives to B, B passes on to C with the consent of A, two parts removed; C verifies what A signed', async (t) => {
  const statement = await given();
  t.same(await rulesOf(passOn(statement)), ['consent_missing'], 'not without asking');
  const request = await ask(statement);
  t.same(await rulesOf(passOn(statement)), ['consent_missing'], 'F27 silence is no consent');
  t.equal(await stateOf(b, request), 'OPEN');
  const consent = await decide(request, grants());
  t.equal(await stateOf(b, request), 'GRANTED');
  t.equal(await stateOf(a, request), 'GRANTED');

  t.same(await rulesOf(passOn(statement, ['/body/suspicions', '/body/goods/0/C1'])), ['released']);
  const came = await until('C holds it', async () => (await c.api.inbox()).find((item) => item.statement?.digest === statement), patience);
  t.equal(came.verdict, 'held');
  t.equal(came.from, b.agency.id);
  t.same(came.purposes, ['CUSTOMS_CONTROL']);
  t.ok(Date.parse(came.retain_until!) <= Date.parse(at(20 * day)), 'no longer than the consent says, whatever the agreement allows');
  t.equal(came.statement?.originator, a.agency.id, 'by the signature of A');
  const { body } = await c.api.content(statement, why);
  t.same(Object.keys(body).sort(), ['alert_kind', 'goods', 'title', 'urgency'], 'what the consent names, without what B held back');
  t.notOk('value' in (body.goods as object[])[0]!, 'the price stays with B');
  const leaf = (await leavesOf(b)).find(({ op, peer, ref }) => op === 'released' && peer === c.agency.id && ref === statement);
  t.ok(leaf, 'the log of B says that it passed on');
  await heldByAll(b, statement, patience);

  t.equal((await a.api.releases(statement)).length, 1, 'A has released it once');
  t.ok(consent);
});

t.test(
  'F27 LC-02 RG02 a refusal, a request that nobody answers, and a consent to others let nothing out, and are counted apart',
  async (t) => {
    const counted = async ({ api }: Member, own: boolean) =>
      (await api.analyst.GET('/v1/answers', { params: { query: { own } } })).data!.items.find(({ kind }) => kind === 'consent_request');
    const before = await counted(b, true);
    const statement = await given();
    const refused = await ask(statement);
    t.equal(await codeOf(decide(refused, { decision: 'REFUSED' })), 'invalid_request', 'who refuses names the ground');
    await decide(refused, { decision: 'REFUSED', refusal: 'RG02' });
    t.equal(await stateOf(b, refused), 'REFUSED');
    t.same(await rulesOf(passOn(statement)), ['consent_not_granted']);

    const lapsed = await ask(statement, { reply_by: at(1) });
    await until('the request has lapsed', async () => ((await stateOf(b, lapsed)) === 'LAPSED' ? true : undefined), patience);
    t.equal(await stateOf(a, lapsed), 'LAPSED', 'both sides count it as such');
    t.same(await rulesOf(passOn(statement)), ['consent_not_granted']);

    const other = await ask(statement);
    await decide(other, { ...grants(), to_whom: ['https://tv-cus.example'] });
    t.same(await rulesOf(passOn(statement)), ['consent_to_others']);
    t.equal(await codeOf(decide(other, grants())), 'conflict', 'decided once');
    const figures = { open: 0, answered: before!.answered + 1, refused: 1, lapsed: 1, grounds: [{ code: 'RG02', count: 1 }] };
    t.match(await counted(b, true), { partner: a.agency.id, ...figures }, 'who asked');
    t.match(await counted(a, false), { partner: b.agency.id, ...figures }, 'who was asked');
    const shown = (await b.api.analyst.GET('/v1/onward/requests', { params: { query: { own: true }, header: headers } })).data!.items;
    t.match(shown.find((item) => item.request === refused)?.decided, { decision: 'REFUSED', refusal: 'RG02' }, 'with the ground');
  },
);

t.test('four eyes: whoever asked for the consent does not pass on what two officers must release, whatever roles he has', async (t) => {
  const statement = await post(a, sighting('Seals differ from the list'), [b.agency.id]);
  await heldByAll(a, statement, patience);
  const fields = ['/body/differences', '/body/narrative_class'];
  await decide(await ask(statement, { scope: scope({ fields }) }), grants({ fields }));
  const both = ['--role', 'ANALYST', '--role', 'RELEASER', '--name', people.analyst.pseudonym];
  const { stdout } = await runProgram(programs.cli, ['token', '--config', join(b.agency.folder, 'entente.json'), ...both]);
  const act = { statement, addressees: [c.agency.id], reason: 'The originator has consented' };
  t.match(await answerTo(b, stdout.trim(), '/v1/onward/releases', act), { status: 403, code: 'same_person' });
  t.same(await b.api.releases(statement), [], 'nothing has left');
  t.same(await rulesOf(passOn(statement)), ['released']);
  await heldByAll(b, statement, patience);
  const database = new pg.Client(b.agency.databaseUrl.owner);
  await database.connect();
  t.teardown(() => database.end());
  const { rows } = await database.query(`SELECT author, released_by, second_officer FROM release WHERE peer = $1 AND second_officer`, [
    c.agency.id,
  ]);
  t.same(rows, [{ author: people.analyst.pseudonym, released_by: people.releaser.pseudonym, second_officer: true }]);
});

t.test('OC-06 what came from outside the federation goes on only with a consent from outside', async (t) => {
  const external = (body: Record<string, unknown> = {}) => alert({ handling: { ...example.handling, external_originator: true } }, body);
  t.equal(await codeOf(post(a, external(), [b.agency.id])), 'invalid_statement', 'not even to the first partner');
  const statement = await post(a, external({ external_consent: 'Letter of 3 March 2031' }), [b.agency.id]);
  await heldByAll(a, statement, patience);
  const request = await ask(statement);
  t.equal(await codeOf(decide(request, grants())), 'invalid_statement', 'its holder cannot consent for them');
  t.same(await rulesOf(passOn(statement)), ['consent_missing']);
  await decide(request, { ...grants(), external_consent: 'Letter of 9 March 2031' });
  t.same(await rulesOf(passOn(statement)), ['released']);
  await heldByAll(b, statement, patience);
  t.equal((await c.api.content(statement, why)).body.title, example.body.title);
});

t.test('OC-03 a consent that is withdrawn holds for what went before, and for nothing after', async (t) => {
  const statement = await given();
  const request = await ask(statement);
  const consent = await decide(request, grants());
  await passOn(statement);
  await heldByAll(b, statement, patience);
  const { data } = await a.api.analyst.POST('/v1/onward/consents/{digest}/withdrawal', {
    params: { path: { digest: consent }, header: headers },
  });
  await released((data as { draft: string }).draft);
  t.equal(await stateOf(b, request), 'WITHDRAWN');
  t.same(await rulesOf(passOn(statement)), ['consent_withdrawn']);
  t.ok(await c.api.content(statement, why), 'what C has it keeps, until it is recalled');
});

t.test('F30 what was passed on and not yet fetched does not leave once the consent is withdrawn', async (t) => {
  const statement = await given();
  const consent = await decide(await ask(statement), grants());
  await c.node.stop();
  await passOn(statement);
  const { data } = await a.api.analyst.POST('/v1/onward/consents/{digest}/withdrawal', {
    params: { path: { digest: consent }, header: headers },
  });
  await released((data as { draft: string }).draft);
  await federation.restart('qm-cus');
  await until(
    'the release is void',
    async () => ((await b.api.releases(statement)).some(({ state }) => state === 'void') ? true : undefined),
    patience,
  );
  t.notOk((await c.api.inbox()).some((item) => item.statement?.digest === statement));
});

t.test('one statement by two ways: each release keeps its own parts and terms', async (t) => {
  const direct = arrangement([a.agency.id, c.agency.id], { grants: [between(a, c, ['alert'], { classes: ['N0'], retention_days: 10 })] });
  const statement = await given();
  await decide(await ask(statement), grants());
  await agree(federation.members, direct);
  await a.api.releaser.POST('/v1/statements/{digest}/releases', {
    params: { path: { digest: statement } },
    body: { addressees: [c.agency.id], reason: 'Directly, too' },
  });
  await heldByAll(a, statement, patience);
  const { body } = await c.api.content(statement, why);
  t.notOk('value' in (body.goods as object[])[0]!, 'from A without the price');
  await passOn(statement);
  await heldByAll(b, statement, patience);
  const both = await c.api.content(statement, why);
  t.match(both.body.goods, [{ value: '76500.00' }], 'from B with it');
  t.ok('narrative' in both.body, 'and from A what B could not pass on');
  t.same(both.terms.map(({ from }) => from).sort(), [a.agency.id, b.agency.id].sort());
  t.equal(new Set(both.terms.map(({ retain_until }) => retain_until)).size, 2);
});

t.test('F09 F12 OC-04 the recall of A reaches C through B, under the signature of A, and ends the use there', async (t) => {
  const statement = await given();
  await decide(await ask(statement), grants());
  await passOn(statement);
  await heldByAll(b, statement, patience);
  const { data } = await a.api.analyst.POST('/v1/statements/{digest}/recall', {
    params: { path: { digest: statement } },
    body: { reason: 'FACTUALLY_WRONG', effect: 'STOP_USE' },
  });
  const recall = await released((data as { draft: string }).draft);
  const came = await until(
    'C has the recall',
    async () => (await c.api.inbox()).find((item) => item.statement?.digest === recall),
    patience,
  );
  t.match(came, { verdict: 'held', from: b.agency.id, statement: { kind: 'recall', originator: a.agency.id } });
  await until('C uses it no more', async () => ((await codeOf(c.api.content(statement, why))) === 'recalled' ? true : undefined), patience);
  await until(
    'B has answered A',
    async () => (await a.api.inbox()).find((item) => item.statement?.kind === 'compliance' && item.from === b.agency.id),
    patience,
  );
  const holdersAt = async ({ api }: Member) => (await api.recalled(recall)).holders;
  await until(
    'C has answered B, from whom it had the statement and the recall',
    async () => ((await holdersAt(b))?.[0]?.state === 'COMPLIED' ? true : undefined),
    patience,
  );
  t.match(await holdersAt(b), [{ holder: c.agency.id, delivered: true, outcome: 'COMPLIED' }]);
  t.equal((await holdersAt(a))?.length, 1, 'A sees who has it from A');
  t.notOk(await holdersAt(c), 'C gave it to nobody');
});

t.test('OC-02 a statement that is made of others inherits their rules, and leaves only to whom their originators consent', async (t) => {
  const input = await given();
  const derived = (change: Partial<StatementInput> = {}) => alert({ rel: [{ type: 'derives_from', of: input }], ...change });
  const posting = (statement: StatementInput, to: Member) =>
    answer(b, 'analyst', '/v1/statements', { statement, addressees: [to.agency.id] });
  const laxer = derived({ handling: { ...example.handling, tlp: 'GREEN', handling_codes: ['H1'] } });
  t.same(await findingsOf(posting(laxer, a)), ['OC-02 /handling/tlp', 'OC-02 /handling/handling_codes']);
  const unknown = alert({ rel: [{ type: 'derives_from', of: 'A'.repeat(43) }] });
  t.same(await findingsOf(posting(unknown, a)), ['OC-02 /rel/0']);

  t.same(await rulesOf(posting(derived(), c)), ['input_without_consent']);
  await post(b, derived(), [a.agency.id]);
  await decide(await ask(input), grants());
  const made = await post(b, derived(), [c.agency.id]);
  await heldByAll(b, made, patience);
  t.same((await c.api.content(made, why)).rel, [], 'C does not hold the input, and does not learn of it');
});
