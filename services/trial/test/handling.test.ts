/** Handling travels, and is kept to where the information arrives: on two real nodes. */
import pg from 'pg';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { people } from '../src/people.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, heldByAll, post, sighting as sightingOf, startAgencies } from './agencies.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic']);
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
const parties = [customs.agency.id, licensing.agency.id];
await introduce(federation.members);
const { grants } = arrangement(parties) as unknown as { grants: object[] };
await agree(
  federation.members,
  arrangement(parties, { grants: [{ ...grants[0], handling_ceiling: { tlp: 'RED', classification: 'RESTRICTED' } }] }),
);
const partner = licensing.agency.id;
const [reader, another] = [people.analyst.pseudonym, people.releaser.pseudonym];
const why = { 'entente-purpose': 'CUSTOMS_CONTROL', 'entente-justification': 'A test reads what was released' };

type Asked = { method: string; path: string; body?: object; headers?: Record<string, string>; by?: keyof typeof people };

/** What a person gets from a node, as it comes. */
async function ask(member: typeof customs, person: keyof typeof people, { method, path, body, headers = why }: Asked) {
  const answer = await fetch(`${member.agency.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${member.tokens[person]}`,
      ...headers,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, code: answer.ok ? 'read' : (JSON.parse(text) as { code: string }).code };
}

interface Entry {
  actor: string;
  role: string;
  operation: string;
  object?: string;
  purpose?: string;
  justification?: string;
  code?: string;
  recipients?: string[];
}
/** But for those of the auditor who reads them here, and of the node itself. */
async function accessOf(member: typeof customs): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: { items: { entry: string | null }[]; next?: number } = (
      await member.api.auditor.GET('/audit/v1/access', { params: { query: { from, limit: 500 } } })
    ).data!;
    entries.push(
      ...page.items.map((item) => JSON.parse(item.entry ?? '{}') as Entry).filter(({ role }) => role !== 'AUDITOR' && role !== 'NODE'),
    );
    from = page.next;
  }
  return entries;
}

/** Its words stand where they are searched. */
const sighting = (words: string) => sightingOf(words, { circumstances: words });
const marked = (words: string, handling: object) => {
  const input = sighting(words);
  return { ...input, handling: { ...input.handling, ...handling } };
};

t.test('what the preview shows is what the partner gets, and on which terms', async (t) => {
  const statement = sighting('Preview and release compared');
  const { data } = await customs.api.analyst.POST('/v1/previews', { body: { statement: statement as never } });
  const preview = data!.items.find((item) => item.addressee === partner)!;
  const digest = await post(customs, statement, [partner]);
  await heldByAll(customs, digest);
  const content = await licensing.api.content(digest, { purpose: 'CUSTOMS_CONTROL', justification: why['entente-justification'] });
  t.same(
    content.shown.sort(),
    preview.parts.filter((part) => part.shown).map((part) => part.pointer),
  );
  t.same(content.terms[0]!.purposes, (preview.terms as { purposes: string[] }).purposes);
  t.equal(content.terms[0]!.onward, (preview.terms as { onward: string }).onward);
  const drift = Date.parse(content.terms[0]!.retain_until!) - Date.parse((preview.terms as { retain_until: string }).retain_until);
  t.ok(drift >= 0 && drift < 120_000, 'the retention runs from the release');
});

t.test('TLP:RED goes to nobody without named readers, and only they read, find, export and follow it', async (t) => {
  const red = marked('Crimson observation', { tlp: 'RED' });
  t.equal(await codeOf(post(customs, red, [partner])), 'nothing_released');
  const posted = await customs.api.post(
    { statement: red as never, addressees: [partner], readers: [{ addressee: partner, names: [reader] }] },
    'red-key-0001',
  );
  const digest = (posted as { statement: string }).statement;
  await heldByAll(customs, digest);
  await licensing.api.analyst.POST('/v1/watches', { body: { name: 'Red', words: ['crimson'] } });
  const ways: Asked[] = [
    { method: 'POST', path: '/v1/statements/search', body: { words: ['crimson'] } },
    { method: 'POST', path: '/v1/exports', body: { format: 'ndjson', own: false } },
  ];
  const flags = async (person: 'analyst' | 'releaser') => {
    const { data } = await licensing.api[person].GET('/v1/inbox', { params: { query: { limit: 500 } } });
    return data!.items.find((item) => item.statement?.digest === digest)?.flags?.map((flag) => flag.name);
  };
  await until('the watch list is held against what was there', async () => ((await flags('analyst')) ? true : undefined));

  const content: Asked = { method: 'GET', path: `/v1/statements/${digest}/content` };
  t.match(await ask(licensing, 'analyst', content), { status: 200, text: /Crimson observation/ });
  t.match(JSON.parse((await ask(licensing, 'analyst', content)).text).terms, [{ readers: [reader] }], 'he sees who else may');
  t.match(await ask(licensing, 'releaser', content), { status: 403, code: 'reader_not_named' });
  for (const way of ways.slice(0, 1)) {
    t.match((await ask(licensing, 'analyst', way)).text, digest, `${way.path}: a named reader finds it`);
    t.notMatch((await ask(licensing, 'releaser', way)).text, digest, `${way.path}: nobody else does`);
  }
  t.match((await ask(licensing, 'analyst', ways[1]!)).text, /Crimson observation/);
  t.equal((await ask(licensing, 'releaser', ways[1]!)).code, 'role_forbidden');
  t.equal(await flags('releaser'), undefined, 'that it matches is told to nobody else either');
  t.match(
    (await accessOf(licensing)).filter(({ actor, operation }) => actor === another && operation === 'REFUSED'),
    [{ code: 'reader_not_named', object: new RegExp(digest), purpose: 'CUSTOMS_CONTROL' }, { code: 'role_forbidden' }],
    'the attempts are in the access log',
  );
});

t.test('6.6 classification: neither node sends or takes what node or link may not carry', async (t) => {
  const level = (code: string) => marked('Classified observation', { classification: { scheme: 'NL', level: code } });
  t.equal(await codeOf(post(customs, level('SECRET'), [partner])), 'above_ceiling', 'it is not even written here');
  const draft = { statement: { kind: 'sighting', handling: level('SECRET').handling } };
  t.equal(await codeOf(customs.api.analyst.POST('/v1/drafts', { body: draft as never })), 'above_ceiling');
  const before = await customs.api.analyst.POST('/v1/previews', { body: { statement: level('RESTRICTED') as never } });
  t.match(before.data!.items, [{ addressee: partner, permitted: false, rule: 'above_link_ceiling' }]);
  const limit = (member: typeof customs, id: string, ceiling: 'NONE' | 'RESTRICTED') =>
    member.api.administrator.PATCH('/v1/peers/{id}', { params: { path: { id } }, body: { ceiling } });
  t.match((await limit(customs, partner, 'RESTRICTED')).data, { ceiling: 'RESTRICTED', state: 'active' });
  const refused = await post(customs, level('RESTRICTED'), [partner]);
  const state = (digest: string, wanted: string) =>
    until(`${digest} is ${wanted}`, async () => (await customs.api.releases(digest)).find((release) => release.state === wanted));
  t.match(await state(refused, 'refused'), { code: 'handling_not_covered' }, 'the partner has not opened its side of the link');
  await limit(licensing, customs.agency.id, 'RESTRICTED');
  t.ok(await state(await post(customs, level('RESTRICTED'), [partner]), 'held'));
  t.match(
    (await accessOf(customs)).filter((entry) => entry.code?.includes('RESTRICTED')),
    [{ operation: 'ALTER', object: partner }],
  );
});

t.test('DP-05 DP-13 F21 every way to content: read for a purpose that fits, and every attempt is in the access log', async (t) => {
  const digest = await post(customs, sighting('Walk the ways'), [partner]);
  await heldByAll(customs, digest);
  const begun = await licensing.api.analyst.POST('/v1/drafts', { body: { statement: sighting('A draft') as never } });
  const draft = begun.data!.draft;
  const requests: Record<string, Asked> = {
    getStatementContent: { method: 'GET', path: `/v1/statements/${digest}/content` },
    getThread: { method: 'GET', path: `/v1/statements/${digest}/thread` },
    searchStatements: { method: 'POST', path: '/v1/statements/search', body: { words: ['walk'] } },
    exportStatements: { method: 'POST', path: '/v1/exports', body: { format: 'ndjson', own: false } },
    getDraft: { method: 'GET', path: `/v1/drafts/${draft}` },
    previewDraft: { method: 'GET', path: `/v1/drafts/${draft}/preview` },
    listConsentRequests: { method: 'GET', path: '/v1/onward/requests' },
    listAttachments: { method: 'GET', path: `/v1/statements/${digest}/attachments` },
    getAttachment: { method: 'GET', path: `/v1/statements/${digest}/attachments/${'A'.repeat(43)}` },
    getShipment: { method: 'GET', path: '/v1/shipments/0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42' },
    getSubjectRequest: { method: 'GET', path: '/v1/subject-requests/0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42', by: 'dpo' },
    searchForSubject: { method: 'POST', path: '/v1/subject-requests/0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42/search', by: 'dpo' },
  };
  const described = (await (await fetch(`${licensing.agency.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string; parameters?: { name: string; required?: boolean }[] }>>;
  };
  const asking = Object.values(described.paths)
    .flatMap((methods) => Object.values(methods))
    .filter(({ parameters = [] }) => parameters.some(({ name, required }) => name === 'entente-purpose' && required))
    .map(({ operationId }) => operationId)
    .filter((operationId) => !['decideOnConsent', 'withdrawConsent'].includes(operationId)); // acts, which show nothing
  t.same(asking.sort(), Object.keys(requests).sort(), 'every operation that asks for a purpose is walked');

  for (const [operation, request] of Object.entries(requests)) {
    const { by = 'analyst' } = request;
    const lastOf = async () =>
      (await accessOf(licensing))
        .slice(-3)
        .filter((entry) => entry.actor === people[by].pseudonym)
        .at(-1);
    const justification = `Walk of ${operation} in a test`;
    const named = { ...request, headers: { ...why, 'entente-justification': justification } };
    const read = await ask(licensing, by, named);
    t.match(
      await lastOf(),
      {
        operation: read.status === 404 ? 'REFUSED' : /CONSULT|SEARCH|EXPORT/,
        purpose: 'CUSTOMS_CONTROL',
        justification,
        ...(read.status === 404 && { code: 'not_found' }),
      },
      `${operation}: ${read.code} is in the log, with who, what for and why`,
    );
    const foreign = await ask(licensing, by, { ...request, headers: { ...why, 'entente-purpose': 'PROSECUTION' } });
    if (foreign.status !== 200) t.match(await lastOf(), { operation: 'REFUSED', code: foreign.code, purpose: 'PROSECUTION' }, operation);
    t.notMatch(foreign.text, /Walk the ways|A draft/, `${operation}: nothing for a purpose for which it was not given`);
    t.equal((await ask(licensing, by, { ...request, headers: {} })).code, 'purpose_missing', operation);
    t.equal((await ask(licensing, 'administrator', named)).code, 'role_forbidden', `${operation}: the administrator reads nothing`);
    t.match((await accessOf(licensing)).slice(-2), [
      { operation: 'REFUSED', code: 'purpose_missing' },
      { operation: 'REFUSED', code: 'role_forbidden' },
    ]);
  }
});

t.test('after retain_until or valid_until nothing is read, found, exported or flagged any more', async (t) => {
  const [kept, valid] = [
    await post(customs, sighting('Fading vermilion'), [partner]),
    await post(customs, sighting('Fading turquoise'), [partner]),
  ];
  await Promise.all([heldByAll(customs, kept), heldByAll(customs, valid)]);
  const ways = async (digest: string, word: string) => {
    const search = await ask(licensing, 'analyst', { method: 'POST', path: '/v1/statements/search', body: { words: [word] } });
    const exported = await ask(licensing, 'analyst', { method: 'POST', path: '/v1/exports', body: { format: 'ndjson', own: false } });
    const content = await ask(licensing, 'analyst', { method: 'GET', path: `/v1/statements/${digest}/content` });
    return [search.text.includes(digest), exported.text.includes(word), content.code];
  };
  t.same(await ways(kept, 'vermilion'), [true, true, 'read']);
  t.same(await ways(valid, 'turquoise'), [true, true, 'read']);
  const owner = new pg.Client(licensing.agency.databaseUrl.owner);
  await owner.connect();
  const over = [
    `UPDATE received SET retain_until = extract(epoch FROM now())::bigint - 1 WHERE statement = decode($1, 'hex')`,
    `UPDATE statement SET valid_until = extract(epoch FROM now())::bigint - 1 WHERE digest = decode($1, 'hex')`,
  ] as const;
  const hex = (digest: string) => Buffer.from(digest, 'base64url').toString('hex');
  await owner.query(over[0], [hex(kept)]);
  await owner.query(over[1], [hex(valid)]);
  await owner.end();
  t.same(await ways(kept, 'vermilion'), [false, false, 'not_found']);
  t.same(await ways(valid, 'turquoise'), [false, false, 'not_found']);
});
