import { codeList, kinds } from '@entente/statement';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { InjectOptions } from 'light-my-request';
import t from 'tap';
import type { Answer, PostedBody } from '../src/agency/acts.js';
import { notShown } from '../src/agency/not-shown.js';
import { alert } from './samples.js';
import { now, peerId, provider, selfId, world } from './world.js';

const home = await provider();
t.teardown(() => home.close());
const digest = (letter: string) => letter.repeat(43);
const why = { 'entente-purpose': 'CUSTOMS_CONTROL', 'entente-justification': 'Screening of a manifest, case 2031-17' };
const arrangement = {
  ...{ id: 'urn:demo', version: 1, title: 'Demo', instrument: 'MOU-DEMO', parties: [selfId, peerId] },
  ...{ effective: now - 10, expires: now + 10, grants: [], grace_hours: 1 },
};
const checklist = codeList('release-checklist').codes.map((entry) => entry.code);

type World = Awaited<ReturnType<typeof world>>;

/** Asks as one person; every answer is held against the published description. */
async function person({ app }: World, sub: string, ...roles: string[]) {
  const authorization = `Bearer ${await home.token({ sub, entente_roles: roles })}`;
  const judge = describedBy(app.swagger());
  return async (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) => {
    const json = body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' };
    const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await app.inject({ method, url, headers: { authorization, ...json, ...headers }, ...payload } as InjectOptions);
    judge(method, url, answer.statusCode, answer.body === '' ? undefined : answer.json());
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json(), etag: String(answer.headers.etag ?? '') };
  };
}

function describedBy(document: object) {
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  ajv.addSchema(document, 'api');
  const { paths } = document as {
    paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>>;
  };
  return (method: string, url: string, status: number, body: unknown): void => {
    const path = Object.keys(paths).find((one) => new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`).test(url.split('?')[0]!))!;
    const described = paths[path]![method.toLowerCase()]!.responses[String(status)];
    if (!described) throw new Error(`${method} ${path} answers ${status}, which is not described: ${JSON.stringify(body)}`);
    const type = Object.keys(described.content ?? {})[0];
    if (type === undefined) return;
    const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
    const reference = pointer.map((name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    if (!ajv.validate({ $ref: `api#/${reference}` }, body))
      throw new Error(`${method} ${path} ${status}: ${ajv.errorsText()} in ${JSON.stringify(body)}`);
  };
}

t.test('a draft goes from one officer to another: written, completed, submitted, sent back, released', async (t) => {
  const released: unknown[] = [];
  const posted: Answer<PostedBody> = {
    status: 201,
    body: { statement: digest('B'), jti: 'urn:uuid:x', releases: [{ addressee: peerId, state: 'released' }], warnings: [], checks: [] },
  };
  const preview = async ({ addressees }: { addressees: string[] }) =>
    addressees.map((addressee) => ({
      addressee,
      permitted: false,
      rule: 'no-agreement',
      code: 'no_agreement',
      reason: 'there is none',
      parts: [],
    }));
  const keep = async (request: unknown) => {
    released.push(request);
    return posted;
  };
  const here = await world({
    issuers: home.trusted(),
    acts: { issue: { post: async () => posted, preview, release: keep, releaseExisting: async () => posted, relay: async () => posted } },
  });
  t.teardown(() => here.app.close());
  const author = await person(here, 'officer-7', 'ANALYST');
  const both = await person(here, 'officer-7', 'ANALYST', 'RELEASER');
  const second = await person(here, 'officer-9', 'RELEASER');
  const colleague = await person(here, 'officer-8', 'ANALYST');

  const begun = await author('POST', '/v1/drafts', { statement: { kind: 'alert', lang: 'en' } }, { 'idempotency-key': 'draft-key-1' });
  t.equal(begun.status, 201);
  t.ok(
    begun.body.findings.some((f: { level: string; pointer: string }) => f.level === 'open' && f.pointer === '/legal_basis'),
    'what is open is named',
  );
  const again = await author('POST', '/v1/drafts', { statement: { kind: 'alert', lang: 'en' } }, { 'idempotency-key': 'draft-key-1' });
  t.same(again.body, begun.body, 'the same post again is the same draft');
  const other = await author('POST', '/v1/drafts', { statement: { kind: 'alert', lang: 'nl' } }, { 'idempotency-key': 'draft-key-1' });
  t.equal(other.body.code, 'idempotency_mismatch');

  const at = `/v1/drafts/${begun.body.draft}`;
  t.equal((await author('POST', '/v1/drafts', { statement: { kind: 'nonsense' } })).body.code, 'unknown_kind');
  t.equal((await author('POST', `${at}/submit`, { addressees: [peerId] })).body.code, 'invalid_statement', 'nothing open may be submitted');
  const read = await author('GET', at, undefined, why);
  t.match(read, { etag: '"1"', body: { state: 'draft', author: 'officer-7', statement: { kind: 'alert', lang: 'en' } } });
  t.match(here.store.access().at(-1), { operation: 'CONSULT', object: begun.body.draft, purpose: 'CUSTOMS_CONTROL', actor: 'officer-7' });

  t.equal((await author('PUT', at, { statement: alert })).body.code, 'version_missing');
  t.equal((await author('PUT', at, { statement: alert }, { 'if-match': '"7"' })).body.code, 'version_conflict');
  t.equal((await author('PUT', at, { statement: alert }, { 'if-match': 'W/"1"' })).body.code, 'version_conflict');
  t.equal((await colleague('PUT', at, { statement: alert }, { 'if-match': '"1"' })).body.code, 'access_denied', 'only its author');
  const written = await author('PUT', at, { statement: alert }, { 'if-match': '"1"' });
  t.match(written, { status: 200, etag: '"2"' });
  t.same(
    written.body.findings.filter((f: { level: string }) => f.level !== 'warn'),
    [],
  );
  t.equal(
    (await author('GET', at, undefined, { ...why, 'entente-purpose': 'STATISTICS' })).body.code,
    'purpose_not_allowed',
    'not for another purpose than its own',
  );
  t.match((await author('GET', `${at}/preview?addressee=${peerId}&addressee=${selfId}`, undefined, why)).body.items, [
    { addressee: peerId },
    { addressee: selfId },
  ]);
  t.notMatch(JSON.stringify(here.store.changes()), /Kestrel|DEMO HALCYON/i, 'content lies encrypted');

  t.equal((await second('POST', `${at}/release`, { checklist, reason: 'It is needed there.' })).body.code, 'draft_state');
  t.same((await author('POST', `${at}/submit`, { addressees: [peerId] })).body, { version: 3 });
  t.equal(
    (await author('PUT', at, { statement: alert }, { 'if-match': '"3"' })).body.code,
    'draft_state',
    'what waits for the second officer stands still',
  );
  t.match((await second('GET', '/v1/drafts?state=submitted')).body.items, [{ state: 'submitted', addressees: [peerId] }]);
  for (const act of ['release', 'reject']) {
    const own = await both('POST', `${at}/${act}`, { ...(act === 'release' && { checklist }), reason: 'It is mine.' });
    t.equal(own.body.code, 'same_person', `nobody ${act}s what he wrote`);
  }
  t.same((await second('POST', `${at}/reject`, { reason: 'The grading is missing.' })).body, { version: 4 });
  t.match((await author('GET', at, undefined, why)).body, {
    state: 'rejected',
    reason: 'The grading is missing.',
    decided_by: 'officer-9',
  });
  t.same((await author('POST', `${at}/submit`, { addressees: [peerId] }, { 'if-match': '"4"' })).body, { version: 5 });

  t.equal(
    (await second('POST', `${at}/release`, { checklist: checklist.slice(1), reason: 'It is needed there.' })).body.code,
    'invalid_request',
    'each point by name',
  );
  t.equal(
    (await second('POST', `${at}/release`, { checklist, reason: 'It is needed there.' }, { 'if-match': '"4"' })).body.code,
    'version_conflict',
    'what was read is what is released',
  );
  const done = await second('POST', `${at}/release`, { checklist, reason: 'It is needed there.' }, { 'if-match': '"5"', ...why });
  t.match(done, { status: 201, body: { statement: digest('B') } });
  t.match(released, [
    {
      draft: { input: alert, author: 'officer-7', version: 5 },
      by: { pseudonym: 'officer-9', role: 'RELEASER', purpose: 'CUSTOMS_CONTROL' },
      checklist,
    },
  ]);

  const spare = await author('POST', '/v1/drafts', { statement: { kind: 'alert' } });
  t.equal((await author('DELETE', `/v1/drafts/${spare.body.draft}`, undefined, { 'if-match': '"1"' })).status, 204);
  t.equal((await author('GET', '/v1/drafts/00000000-0000-7000-8000-000000000000', undefined, why)).status, 404);
});

t.test('a training installation writes exercise statements only', async (t) => {
  const posted: Answer<PostedBody> = {
    status: 201,
    body: { statement: digest('B'), jti: 'urn:uuid:x', releases: [], warnings: [], checks: [] },
  };
  const here = await world({ issuers: home.trusted(), config: { exercise: true }, acts: { issue: { post: async () => posted } as never } });
  t.teardown(() => here.app.close());
  const analyst = await person(here, 'officer-7', 'ANALYST');
  t.equal(
    (await analyst('POST', '/v1/statements', { statement: { ...alert, exercise: false }, addressees: [peerId] })).body.code,
    'exercise_mismatch',
  );
  t.equal((await analyst('POST', '/v1/statements', { statement: { ...alert, exercise: true }, addressees: [peerId] })).status, 201);
});

const declaration = (more: { function?: string; document?: string; lrn?: string } = {}) => `<?xml version="1.0" encoding="UTF-8"?>
<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><md:ResponsibleCountryCode>NL</md:ResponsibleCountryCode>
<Declaration><FunctionCode>${more.function ?? '9'}</FunctionCode><FunctionalReferenceID>${more.lrn ?? 'KC-DEMO-1'}</FunctionalReferenceID>
<IssueDateTime><DateTimeString formatCode="304">20310302091000+01</DateTimeString></IssueDateTime><TypeCode>EXA</TypeCode>
<Exporter><Name>Kestrel Composites Demo BV</Name></Exporter>
<GoodsShipment><Consignee><Name>Orchid Gate Logistics FZ Demo</Name></Consignee><GovernmentAgencyGoodsItem><SequenceNumeric>1</SequenceNumeric>${more.document ?? ''}
<Commodity><Description>Carbon fibre tow, 12K</Description><Classification><ID>68151100</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></Classification></Commodity>
</GovernmentAgencyGoodsItem></GoodsShipment></Declaration></md:MetaData>`;
const licence = '<AdditionalDocument><CategoryCode>X</CategoryCode><ID>NL-DEMO-0001</ID><TypeCode>002</TypeCode></AdditionalDocument>';

t.test('declarations become shipments, and those with a licence become drafts that an officer completes', async (t) => {
  const here = await world({ issuers: home.trusted() });
  t.teardown(() => here.app.close());
  const machine = await person(here, 'customs-system', 'ANALYST');
  const officer = await person(here, 'officer-7', 'ANALYST');
  const third = await person(here, 'officer-8', 'ANALYST');
  const xml = { 'content-type': 'application/xml' };

  const licensed = await machine('POST', '/v1/declarations', declaration({ document: licence }), xml);
  t.match(licensed, { status: 201, body: { outcome: 'new', reasons: [] } });
  t.ok(licensed.body.open.includes('/body/suspicions'), 'a licence is not a suspicion: the officer decides');
  const changes = here.store.changes().length;
  const again = await machine('POST', '/v1/declarations', declaration({ document: licence }), xml);
  t.match(again, { status: 200, body: { outcome: 'already_known', shipment: licensed.body.shipment, draft: licensed.body.draft } });
  t.equal(here.store.changes().length, changes, 'and nothing changed');

  const plain = await machine('POST', '/v1/declarations', declaration({ lrn: 'KC-DEMO-2' }), xml);
  t.match(plain.body, { outcome: 'new', reasons: [{ reason: /no export-licence document/ }] });
  t.equal(plain.body.draft, undefined);
  const cancelled = await machine('POST', '/v1/declarations', declaration({ lrn: 'KC-DEMO-2', function: '1' }), xml);
  t.match(cancelled, { status: 200, body: { outcome: 'cancelled', shipment: plain.body.shipment } });
  t.equal(
    (await machine('POST', '/v1/declarations', declaration({ lrn: 'KC-DEMO-2', function: '1' }).replace('20310302', '20310303'), xml)).body
      .code,
    'declaration_refused',
  );
  t.equal(
    (await machine('POST', '/v1/declarations', declaration({ lrn: 'KC-DEMO-9', function: '1' }), xml)).body.code,
    'declaration_refused',
    'never lodged',
  );
  t.equal((await machine('POST', '/v1/declarations', declaration({ lrn: 'KC-DEMO-2' }).replace('tow', 'yarn'), xml)).body.code, 'conflict');
  const unreadable = await machine('POST', '/v1/declarations', declaration().replace('<TypeCode>EXA</TypeCode>', ''), xml);
  t.match(unreadable.body, { code: 'declaration_refused', errors: [{ pointer: /^line \d+, column \d+$/ }] }, 'with the place');

  const shipment = await officer('GET', `/v1/shipments/${licensed.body.shipment}`, undefined, why);
  t.match(shipment.body, {
    state: 'declared',
    direction: 'export',
    draft: licensed.body.draft,
    shipment: { lrn: 'KC-DEMO-1', goods: [{ hs_code: '681511' }] },
  });
  t.equal((await officer('GET', '/v1/shipments')).body.items.length, 2);
  t.equal((await officer('GET', '/v1/shipments/nothing', undefined, why)).status, 404);
  t.notMatch(JSON.stringify(here.store.changes()), /Kestrel|KC-DEMO/, 'what was declared lies encrypted, its reference as a keyed token');

  const at = `/v1/drafts/${licensed.body.draft}`;
  t.match((await officer('GET', at, undefined, why)).body, {
    author: 'customs-system',
    source: licensed.body.shipment,
    statement: { body: { alert_kind: 'SHIPMENT' } },
  });
  t.equal((await officer('PUT', at, { statement: alert }, { 'if-match': '"1"' })).status, 200);
  t.match((await officer('GET', at, undefined, why)).body, { author: 'officer-7' }, 'the officer who completes it is its author');
  t.equal((await third('PUT', at, { statement: alert }, { 'if-match': '"2"' })).body.code, 'access_denied');
});

t.test('lists, inbox, feeds, audit: what the store says, as described', async (t) => {
  const { statement, received, release, peer } = records();
  const store = {
    statements: async () => ({ items: [statement], next: 'bmV4dA' }),
    statement: async (name: string) => (name === statement.digest ? statement : undefined),
    releasesOf: async () => [release],
    contentRefs: async () => [],
    received: async () => ({ items: [received] }),
    flags: async () => [],
    receivedByDigest: async (name: string) => (name === received.digest ? received : undefined),
    quarantined: async () => ({
      items: [{ from: peerId, release: digest('Q'), code: 'unknown_kind', reason: 'kind tea_party is unknown', at: now }],
    }),
    deadLetters: async () => ({ items: [release] }),
    peers: async () => [peer],
    agreements: async () => [
      { digest: digest('G'), revision: 1, jws: '{}', payload: arrangement, signedBy: [selfId, peerId], acts: [], answers: [] },
    ],
    feed: async () => ({ epoch: 1, size: 2, chain: new Uint8Array(32), paged: 2, queued: 1, refused: 0 }),
    feedIn: async () => ({ epoch: 1, last: 3, chain: new Uint8Array(32) }),
    feedGaps: async () => [{ position: 2, digest: digest('X') }],
    unpaged: async () => [],
    log: async () => ({ epoch: 1, origin: 'nl-cus.example/log/1', size: 64, root: new Uint8Array(32) }),
    epochs: async () => [1],
    latestCheckpoint: async () => undefined,
    leaves: async (_log: string, _epoch: number, from: number) => [{ position: from, leaf: Buffer.from('{"op":"issued","v":1}') }],
    accessEntries: async () => [{ position: 0, salt: new Uint8Array(16), entry: null }],
    hashes: async (_log: string, _epoch: number, _level: number, _index: number, count: number) =>
      Array.from({ length: count }, () => new Uint8Array(32)),
    checkpoints: async () => [],
    pages: async () => [{ first: 1, last: 2, jws: 'a.b.c' }],
    pagesIn: async () => [],
    voidsFrom: async () => [{ position: 1, jwt: 'a.b.c' }],
    voidsIn: async () => [{ position: 4, jwt: 'd.e.f' }],
    allReleases: async () => ({
      items: [
        { direction: 'in', peer: peerId, epoch: null, position: null, digest: digest('R'), statement: null, jwt: null, state: 'refused' },
      ],
    }),
    allReceipts: async () => ({ items: [{ direction: 'out', peer: peerId, digest: digest('P'), jwt: 'a.b.c' }] }),
  };
  const done: string[] = [];
  const note = { epoch: 1, size: 64, root: new Uint8Array(32), at: now, note: 'nl-cus.example/log/1\n64\n...\n', cosignatures: [] };
  const here = await world({
    issuers: home.trusted(),
    store,
    acts: {
      receive: { retryQuarantine: async () => ({ verdict: 'held' }) },
      deliver: {
        lastHeard: () => now,
        retryDeadLetter: async ({ release }) => {
          done.push(release);
          return { statement: digest('S'), releases: [] };
        },
      },
      checkpoints: { cut: async () => note },
      peers: {
        add: async () => ({ id: peerId }),
        change: async ({ state, ceiling }) => void done.push(state ?? ceiling ?? ''),
        remove: async ({ id }) => void done.push(id),
      },
      agreements: {
        add: async ({ jws }) => {
          done.push(jws);
          return { digest: digest('G') };
        },
        draft: async () => ({ digest: digest('G') }),
        take: async ({ step }) => void done.push(step),
      },
    },
  });
  t.teardown(() => here.app.close());
  const officer = await person(here, 'officer-7', 'ANALYST');
  const head = await person(here, 'head', 'HEAD');
  const auditor = await person(here, 'auditor-1', 'AUDITOR');
  const administrator = await person(here, 'admin-1', 'ADMIN');

  const listed = await officer('GET', '/v1/statements?kind=alert');
  t.match(listed.body, {
    items: [{ digest: statement.digest, originator: peerId, own: false, valid_until: '2033-05-18T04:33:20Z' }],
    next: 'bmV4dA',
  });
  t.match(here.store.access().at(-1), { operation: 'SEARCH', object: '/v1/statements?kind=alert' });
  t.equal((await officer('GET', `/v1/statements/${statement.digest}`)).status, 200);
  const unknown = await officer('GET', `/v1/statements/${digest('Z')}/content`, undefined, why);
  const notForYou = await officer('GET', `/v1/statements/${statement.digest}/content`, undefined, why);
  t.equal(unknown.status, 404);
  t.equal(notForYou.body.code, 'not_found', 'what may not be used any more answers like what was never here');
  t.match((await officer('GET', `/v1/statements/${statement.digest}/releases`)).body.items, [
    { addressee: peerId, state: 'queued', parts: 2 },
  ]);

  t.match((await officer('GET', '/v1/inbox?state=new')).body.items, [
    { release: received.digest, from: peerId, state: 'new', statement: { kind: 'alert' } },
  ]);
  t.equal((await officer('GET', `/v1/inbox/${received.digest}`)).status, 200);
  t.equal((await officer('GET', `/v1/inbox/${digest('Z')}`)).status, 404);
  t.equal((await officer('POST', `/v1/inbox/${received.digest}/seen`)).status, 200);
  t.match(here.store.changes().at(-1), {
    inbox: [{ release: received.digest, state: 'seen', by: 'officer-7' }],
    access: [{ operation: 'ALTER' }],
  });
  Object.assign(received, { inboxState: 'taken', takenBy: 'officer-9' });
  t.match((await officer('POST', `/v1/inbox/${received.digest}/take`)).body, { code: 'conflict', detail: 'officer-9 has taken it' });

  t.match((await administrator('GET', '/v1/quarantine')).body.items, [{ code: 'unknown_kind' }]);
  t.same((await administrator('POST', `/v1/quarantine/${digest('Q')}/retry`)).body, { verdict: 'held' });
  t.equal((await head('GET', '/v1/dead-letters')).body.items.length, 1);
  t.equal((await head('POST', `/v1/dead-letters/${digest('D')}/retry`)).status, 201);
  t.match((await officer('GET', '/v1/feeds')).body.items, [
    { peer: peerId, incoming: { complete: false, missing: [{ position: 2 }] }, last_heard_at: '2033-05-18T03:33:20Z' },
  ]);

  const peerUrl = `/v1/peers/${encodeURIComponent(peerId)}`;
  t.equal((await administrator('POST', '/v1/peers', { configuration: 'a'.repeat(30), thumbprint: digest('T') })).status, 201);
  t.equal((await administrator('PATCH', peerUrl, { state: 'suspended' })).status, 200);
  t.equal((await administrator('DELETE', peerUrl)).status, 204);
  t.equal((await administrator('DELETE', `/v1/peers/${encodeURIComponent('https://nobody.example')}`)).status, 404);
  const jws = '{ "payload":"e30",  "signatures":[{"protected":"e30","signature":"AAAA"}] }';
  t.equal((await administrator('POST', '/v1/agreements', jws, { 'content-type': 'application/json' })).status, 201);
  t.equal((await administrator('POST', '/v1/agreements/drafts', { agreement: arrangement })).status, 201);
  t.match(await head('POST', `/v1/agreements/${digest('G')}/steps`, { step: 'countersign' }), {
    status: 200,
    body: { standing: [{ party: peerId, state: 'in_force' }] },
  });
  t.same(done, [digest('D'), 'suspended', peerId, jws, 'countersign'], 'what was signed is kept as it came');
  t.equal((await auditor('GET', '/v1/peers')).body.items.length, 1);
  t.equal((await auditor('GET', '/v1/agreements')).body.items.length, 1);
  t.match((await administrator('GET', '/v1/expiries')).body.items, [{ what: 'certificate', owner: selfId, soon: true, days: Number }]);

  const audits = [
    ['configuration', { entity_id: selfId, epoch: 1, peers: [{ id: peerId }], agreements: [{ digest: digest('G') }] }],
    ['entries?from=5&limit=1', { items: [{ position: 5, leaf: '{"op":"issued","v":1}' }], next: 6 }],
    ['access', { items: [{ entry: null }] }],
    ['statements?limit=1000', { items: [{ digest: statement.digest, jwt: 'statement.jwt' }] }],
    ['releases', { items: [{ direction: 'in', position: null }] }],
    ['receipts', { items: [{ direction: 'out' }] }],
    [`pages?peer=${peerId}&direction=out&epoch=1&from=1`, { items: [{ first: 1, last: 2 }] }],
    [`pages?peer=${peerId}&direction=in`, { items: [] }],
    [
      `voids?peer=${peerId}`,
      {
        items: [
          { direction: 'out', position: 1 },
          { direction: 'in', position: 4 },
        ],
      },
    ],
    ['proofs/inclusion?position=3&size=64', { position: 3, size: 64 }],
    ['proofs/consistency?from=10&to=64', { from: 10, to: 64 }],
  ] as const;
  for (const [path, expected] of audits) {
    const answer = await auditor('GET', `/audit/v1/${path}`);
    t.equal(answer.status, 200, path);
    t.match(answer.body, expected as never, path);
    t.match(
      here.store.access().at(-1),
      { actor: 'auditor-1', role: 'AUDITOR', operation: 'CONSULT', object: `GET /audit/v1/${path}` },
      `${path}: in the access log`,
    );
  }
  t.equal((await auditor('GET', '/audit/v1/checkpoint')).status, 404);
  t.same((await auditor('POST', '/audit/v1/checkpoint?log=exchange')).body, {
    log: 'exchange',
    epoch: note.epoch,
    size: note.size,
    note: note.note,
  });
  t.equal((await auditor('GET', '/audit/v1/proofs/inclusion?position=64&size=64')).status, 404);
  t.equal((await auditor('GET', '/audit/v1/proofs/consistency?from=1&to=65')).status, 404);
  t.equal((await auditor('GET', '/audit/v1/proofs/consistency?from=20&to=10')).status, 404);

  t.match((await administrator('GET', '/v1/kinds')).body.items, [{ kind: 'alert' }, { kind: 'sighting' }]);
  t.match((await administrator('GET', '/v1/kinds/alert/schema')).body, { $schema: /2020-12/, title: 'alert' });
  t.equal((await administrator('GET', '/v1/kinds/tea_party/schema')).status, 404);
  t.match((await administrator('GET', '/v1/code-lists/purpose')).body, { id: 'purpose' });
});

t.test('anybody may ask whether it is alive, and sees no more than that', async (t) => {
  const here = await world({
    issuers: home.trusted(),
    store: { ready: async () => Promise.reject(new Error('password authentication failed')) },
  });
  t.teardown(() => here.app.close());
  t.same((await here.app.inject('/healthz')).json(), { status: 'ok' });
  const ready = await here.app.inject('/readyz');
  t.equal(ready.statusCode, 503);
  t.notMatch(ready.body, /password/);
  const document = (await here.app.inject('/openapi.json')).json();
  t.equal(document.openapi, '3.1.0');
  const operations = Object.values(
    document.paths as Record<string, Record<string, { operationId: string; description: string; summary: string }>>,
  ).flatMap(Object.values);
  t.equal(new Set(operations.map((o) => o.operationId)).size, operations.length, 'each operation has a name of its own');
  t.ok(operations.every((o) => o.summary && o.description));
});

t.test('what is not shown is named', async (t) => {
  const kind = kinds.get('alert')!;
  t.same(
    notShown(kind, alert.body).filter((pointer) => pointer === '/body/goods' || pointer === '/body/title'),
    [],
  );
  const body = { ...alert.body, goods: (alert.body.goods as Record<string, never>[]).map(({ value: _, ...rest }) => rest) };
  const { title: _title, ...withoutTitle } = body as typeof body & { title: string };
  const missing = notShown(kind, withoutTitle);
  t.ok(missing.includes('/body/title'), 'a member');
  t.ok(missing.includes('/body/goods/0/value'), 'a member of an element that is of another class');
  t.notOk(missing.includes('/body/goods/0/description'));
});

/** Records as the store gives them. */
function records() {
  const claims = { lang: 'en', handling: { tlp: 'AMBER', purposes: ['CUSTOMS_CONTROL'] }, legal_basis: [] };
  const statement = {
    digest: digest('S'),
    iss: peerId,
    jti: '0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42',
    kind: 'alert',
    ver: '1.0',
    exercise: true,
    iat: now,
    validFrom: now,
    validUntil: now + 3600,
    jwt: 'statement.jwt',
    claims,
    own: false,
    position: 1,
    storedAt: now,
    reversals: [],
  };
  const terms = { agreement: digest('G'), purposes: ['CUSTOMS_CONTROL'], onward: 'none' };
  const received = {
    ...terms,
    from: peerId,
    jti: 'j',
    digest: digest('R'),
    statement: statement.digest,
    kind: 'alert',
    jwt: 'a.b.c',
    disclosed: [],
    retainUntil: now + 1,
    replyBy: null,
    readers: null,
    verdict: 'held',
    receipt: digest('P'),
    receivedAt: now,
    inboxState: 'new',
    statementRecord: statement,
    position: 1,
  };
  const release = {
    ...terms,
    to: peerId,
    jti: 'j',
    digest: digest('R'),
    statement: statement.digest,
    kind: 'alert',
    jwt: 'a.b.c',
    bytes: 10,
    disclosed: [digest('a'), digest('b')],
    retainUntil: now,
    urgency: 1,
    iat: now,
    by: 'officer-9',
    epoch: 1,
    position: 1,
    state: 'queued',
  };
  const peer = {
    id: peerId,
    state: 'active',
    thumbprint: digest('T'),
    name: 'Licensing Office',
    country: 'DE',
    agencyType: 'LIC',
    configuration: 'peer.jwt',
    configurationIat: now,
    federationUrl: peerId,
    ceiling: 'NONE',
    transferBasis: 'ADEQUACY',
    keys: [],
    certificates: [{ fingerprint: 'AA:BB', pem: '' }],
    pinnedAt: now,
  };
  return { statement, received, release, peer };
}
