import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { jsonSchema, kinds } from '@entente/statement';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { until } from '../src/until.js';
import { accessOf, arrangement, codeOf, heldByAll, leavesOf, post, sighting, startAgencies } from './agencies.js';
import { type Heard, listen } from './event-listener.js';
import { startTokenEndpoint } from './token-endpoint.js';
import { isSigned, startReceiver } from './webhook-receiver.js';

const provider = await startTokenEndpoint();
t.teardown(() => provider[Symbol.asyncDispose]());
const federation = await startAgencies(t, ['nl-cus', 'de-lic'], {
  issuers: [{ issuer: provider.issuer, audience: provider.audience, claims: { pseudonym: 'preferred_username' } }],
});
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
const [here, there] = [customs.agency.id, licensing.agency.id];
await introduce(federation.members);
await agree(federation.members, arrangement([here, there]));

t.test('a machine comes with client credentials, and the access log names it as one', async (t) => {
  await t.rejects(provider.token('another secret'), { message: 'invalid_client' });
  const authorization = `Bearer ${await provider.token()}`;
  const response = await fetch(`${customs.agency.url}/v1/statements/search`, {
    method: 'POST',
    headers: {
      authorization,
      'content-type': 'application/json',
      'entente-purpose': 'CUSTOMS_CONTROL',
      'entente-justification': 'Nightly comparison with the manifests',
    },
    body: '{"words":["nothing"]}',
  });
  t.same(await response.json(), { items: [] });
  t.match(
    (await accessOf(customs)).findLast(({ operation }) => operation === 'SEARCH'),
    {
      operation: 'SEARCH',
      actor: 'client:risk-system',
      role: 'ANALYST',
      object: 'search: words (1)',
    },
  );
  const forbidden = await fetch(`${customs.agency.url}/v1/webhooks`, { headers: { authorization } });
  t.match(await forbidden.json(), { status: 403, code: 'role_forbidden' });
});

t.test('a risk system hears of a hit without asking: events, gone on with after a break', async (t) => {
  const url = `${licensing.agency.url}/v1/events`;
  const headers = { authorization: `Bearer ${licensing.tokens.analyst}` };
  let [first, second] = ['', ''];
  const live = await listen(
    `${url}?event=inbox.new`,
    headers,
    (heard) => heard.length === 1,
    async () => {
      first = await post(customs, sighting('first'), [there]);
    },
  );
  t.match(live.heard, [{ event: 'inbox.new', data: { peer: here, kind: 'sighting', statement: first } }]);
  t.notMatch(JSON.stringify(live.heard), /first/, 'names, never content');

  second = await post(customs, sighting('second, while nobody listens'), [there]);
  await heldByAll(customs, second);
  const later = await listen(`${url}?event=inbox.new`, { ...headers, 'last-event-id': live.lastId }, (heard) => heard.length === 1);
  t.match(later.heard, [{ data: { statement: second } }], 'nothing is lost between two connections, and nothing told twice');

  await federation.member('de-lic').node.kill();
  const third = await post(customs, sighting('third, while the node is down'), [there]);
  await federation.restart('de-lic');
  const after = await listen(`${url}?event=inbox.new&after=${later.lastId}`, headers, (heard) => heard.length === 1);
  t.match(after.heard, [{ data: { statement: third } }], 'nor over the death of the node');

  const sender = { authorization: `Bearer ${customs.tokens.administrator}` };
  await heldByAll(customs, third);
  let fourth = '';
  const isTold = (heard: Heard[]) => heard.some(({ data }) => data.statement === fourth);
  const signed = await listen(`${customs.agency.url}/v1/events`, sender, isTold, async () => {
    fourth = await post(customs, sighting('fourth'), [there]);
  });
  t.same(
    new Set(signed.heard.map(({ event }) => event)),
    new Set(['release.held']),
    'an administrator is told of deliveries, not of statements',
  );
  t.equal(
    (await fetch(`${url}?after=${Buffer.from('000fffffffffffffffffffff', 'hex').toString('base64url')}`, { headers })).status,
    400,
    'nothing has reached that place',
  );
});

t.test('signed webhooks: tried again until they are taken, in order, with the same id, across a restart', async (t) => {
  const receiver = await startReceiver();
  t.teardown(() => receiver[Symbol.asyncDispose]());
  const { administrator } = licensing.api;
  const { data: hook } = await administrator.POST('/v1/webhooks', { body: { url: receiver.url, events: ['inbox.new'] } });
  const path = { id: hook!.id };
  const taken = () => receiver.attempts.filter(({ status }) => status === 204);
  const state = async () => (await administrator.GET('/v1/webhooks/{id}', { params: { path } })).data!;
  t.match(hook, { state: 'active', secret: /^whsec_/ });
  t.notOk('secret' in (await state()), 'the secret is shown once');

  receiver.answers = [503, 500, 302];
  const [one, two] = [await post(customs, sighting('one'), [there]), await post(customs, sighting('two'), [there])];
  await until('both are taken', async () => (taken().length === 2 ? true : undefined), 60);
  const [a, b, c, d, e] = receiver.attempts;
  t.same(new Set([a, b, c, d].map((attempt) => attempt!.id)).size, 1, 'the same message has the same id at every attempt');
  t.not(d!.id, e!.id);
  for (const attempt of receiver.attempts) t.ok(isSigned(hook!.secret, attempt), `${attempt.status} is signed`);
  t.notOk(isSigned(hook!.secret, { ...a!, body: a!.body.replace('sighting', 'alert') }));
  t.match(
    taken().map(({ body }) => JSON.parse(body)),
    [
      { type: 'inbox.new', data: { peer: here, kind: 'sighting', statement: one } },
      { type: 'inbox.new', data: { statement: two } },
    ],
  );
  await until('it is no longer failing', async () => ((await state()).failing === undefined ? true : undefined));
  t.match(await state(), { state: 'active', delivered_at: /Z$/ });

  receiver.answers = Array(1000).fill(503);
  const three = await post(customs, sighting('three'), [there]);
  await until('it is failing', async () => ((await state()).failing?.failure === '503' ? true : undefined));
  await licensing.node.stop();
  receiver.answers = [];
  await federation.restart('de-lic');
  await until('told after the restart', async () => (taken().length === 3 ? true : undefined), 60);
  t.match(JSON.parse(taken()[2]!.body), { data: { statement: three } });

  receiver.answers = [410];
  const four = await post(customs, sighting('four'), [there]);
  await until('it is given up', async () => ((await state()).state === 'dead' ? true : undefined));
  await administrator.PATCH('/v1/webhooks/{id}', { params: { path }, body: { state: 'active' } });
  await until('it goes on where it was', async () => (taken().length === 4 ? true : undefined), 60);
  t.match(JSON.parse(taken()[3]!.body), { data: { statement: four } });
  await administrator.DELETE('/v1/webhooks/{id}', { params: { path } });
  t.equal(await codeOf(state()), 'not_found');
});

t.test('webhooks go nowhere but where they may', async (t) => {
  const refused = [
    'https://169.254.169.254/latest',
    'http://risk.example/hook',
    'https://10.0.0.8/hook',
    'https://user:pass@risk.example/',
    'ftp://127.0.0.1/',
  ];
  for (const url of refused)
    t.equal(
      await codeOf(licensing.api.administrator.POST('/v1/webhooks', { body: { url, events: ['inbox.new'] } })),
      'webhook_refused',
      url,
    );
});

interface LineAnswer {
  line: number;
  status: number;
  idempotency_key?: string;
  replayed?: true;
  result?: { statement: string };
  problem?: { code: string };
}
const line = (i: number) => JSON.stringify({ idempotency_key: `bulk-line-${i}`, statement: sightings(i), addressees: [there] });
const fixed = sighting('x');
const sightings = (i: number) => ({ ...fixed, body: { ...fixed.body, differences: `lot ${i}` } });
async function bulk(lines: Iterable<string> | AsyncIterable<string>): Promise<LineAnswer[]> {
  const response = await fetch(`${customs.agency.url}/v1/statements/bulk`, {
    method: 'POST',
    headers: { authorization: `Bearer ${customs.tokens.analyst}`, 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(lines, { objectMode: false })) as never,
    duplex: 'half',
  } as RequestInit);
  return (await response.text())
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as LineAnswer);
}

t.test('bulk: a result per line, what is wrong stops nothing, what broke off is resumed by its keys', async (t) => {
  const bad = [
    '{"idempotency_key":',
    '{"idempotency_key":"bulk-line-x","statement":{"kind":"sighting"},"addressees":[]}',
    `{"x":"${'y'.repeat(1_100_000)}"}`,
  ];
  const first = await bulk([line(0), bad[0]!, line(1), bad[1]!, bad[2]!, line(2)].map((text) => `${text}\n`));
  t.same(
    first.map(({ line: number, status, problem }) => [number, status, problem?.code]),
    [
      [1, 201, undefined],
      [2, 400, 'malformed_json'],
      [3, 201, undefined],
      [4, 400, 'invalid_request'],
      [5, 413, 'too_large'],
      [6, 201, undefined],
    ],
  );

  const count = 300;
  const all = Array.from({ length: count }, (_, i) => line(i));
  async function* breakingOff() {
    for (const text of all.slice(0, 150)) yield `${text}\n`;
    throw new Error('the line is cut');
  }
  await bulk(breakingOff()).catch(() => undefined);
  const whole = await bulk(all.map((text) => `${text}\n`));
  t.equal(whole.length, count);
  t.same(
    whole.filter(({ status }) => status !== 201),
    [],
  );
  t.ok(whole[0]!.replayed);
  t.same(
    [0, 1, 2].map((i) => whole[i]!.result!.statement),
    [first[0], first[2], first[5]].map((one) => one!.result!.statement),
  );
  const issued = (await leavesOf(customs)).filter(({ op }) => op === 'issued').map(({ digest }) => digest);
  t.equal(new Set(issued).size, issued.length);
  for (const { result } of whole) t.equal(issued.filter((digest) => digest === result!.statement).length, 1);
  const changed = await bulk([JSON.stringify({ ...JSON.parse(line(0)), statement: sightings(999) })]);
  t.match(changed, [{ status: 422, problem: { code: 'idempotency_mismatch' } }], 'a key names one statement');
});

t.test('a caller that neither writes nor reads does not hold up the end of the node', async (t) => {
  const { hostname, port } = new URL(customs.agency.url);
  const socket = connect(Number(port), hostname);
  const head = ['POST /v1/statements/bulk HTTP/1.1', `host: ${hostname}`, `authorization: Bearer ${customs.tokens.analyst}`];
  socket.write([...head, 'content-type: application/x-ndjson', 'transfer-encoding: chunked', '', 'd', '{"a":1}\n{"b":', ''].join('\r\n'));
  const [answer] = await once(socket, 'data');
  t.match(String(answer), /^HTTP\/1\.1 200 /, 'it is under way');
  const closed = once(
    socket.on('error', () => undefined),
    'close',
  );
  await customs.node.stop();
  await closed;
  t.equal(await customs.node.ended, 0);
  await federation.restart('nl-cus');
});

t.test('the JSON Schema of each kind is published, and accepts what the node accepts', async (t) => {
  const { data } = await customs.api.analyst.GET('/v1/kinds');
  t.same(data!.items.map(({ kind }) => kind).sort(), [...new Set([...kinds.values()].map(({ name }) => name))].sort());
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  for (const { kind } of data!.items) {
    const { data: schema } = await customs.api.analyst.GET('/v1/kinds/{kind}/schema', { params: { path: { kind } } });
    const fits = ajv.compile(schema as object);
    t.ok(fits(kinds.get(kind)!.example), `${kind}: ${ajv.errorsText(fits.errors)}`);
    t.notOk(fits({ ...kinds.get(kind)!.example, surprise: 1 }), kind);
    t.same(schema, JSON.parse(JSON.stringify(jsonSchema(kinds.get(kind)!))));
  }
});
