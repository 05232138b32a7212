import type { InjectOptions } from 'light-my-request';
import t from 'tap';
import { codes } from '../src/problem.js';
import { type Sample, samples, strangerTo } from './samples.js';
import { provider, world } from './world.js';

interface Operation {
  operationId: string;
  method: string;
  path: string;
  content: boolean;
  json: boolean;
  parameters: { name: string; in: string; schema: { pattern?: string; type?: string } }[];
}

const home = await provider();
t.teardown(() => home.close());
const { app, store, asked } = await world({ issuers: home.trusted() });
t.teardown(() => app.close());

const tokens = new Map<string, string>();
async function tokenOf(role: string): Promise<string> {
  const token = tokens.get(role) ?? (await home.token({ sub: `a-${role.toLowerCase()}`, entente_roles: [role] }));
  tokens.set(role, token);
  return token;
}

const document = app.swagger() as unknown as { paths: Record<string, Record<string, Described>> };
interface Described {
  operationId: string;
  security?: unknown[];
  parameters?: Operation['parameters'];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { description: string }>;
}
const operations: Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, described]) => described.security === undefined)
    .map(([method, described]) => ({
      operationId: described.operationId,
      method: method.toUpperCase(),
      path,
      parameters: described.parameters ?? [],
      json: 'application/json' in (described.requestBody?.content ?? {}),
      content: (described.parameters ?? []).some((p) => p.name === 'entente-purpose' && (p as { required?: boolean }).required === true),
    })),
);

function addressOf({ path }: Operation, sample: Sample): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(sample.path?.[name] ?? ''));
  return sample.query === undefined ? filled : `${filled}?${sample.query}`;
}

const purpose = { 'entente-purpose': 'CUSTOMS_CONTROL', 'entente-justification': 'Screening of a manifest, case 2031-17' };

async function requestOf(operation: Operation, changes: InjectOptions = {}): Promise<InjectOptions> {
  const sample = samples[operation.operationId]!;
  return {
    method: operation.method as 'GET',
    url: addressOf(operation, sample),
    ...(sample.body && { payload: JSON.stringify(sample.body) }),
    ...changes,
    headers: {
      authorization: `Bearer ${await tokenOf(sample.role)}`,
      ...purpose,
      'if-match': '"1"',
      ...(sample.body && { 'content-type': 'application/json' }),
      ...changes.headers,
    },
  };
}

/** Asks, and holds that it is refused in a documented way and that nothing happened. */
async function refused(
  t: Asserts,
  operation: Operation,
  name: string,
  request: InjectOptions,
  status: number,
  code: string,
): Promise<void> {
  const before = asked.length;
  const answer = await app.inject(request);
  const words = `${operation.operationId}: ${name}`;
  t.equal(answer.statusCode, status, words);
  t.equal(answer.json().code, code, words);
  t.ok(codes.includes(answer.json().code), `${words}: of the closed list`);
  t.match(
    document.paths[operation.path]![operation.method.toLowerCase()]!.responses[String(status)]?.description,
    new RegExp(code),
    `${words}: documented`,
  );
  t.equal(asked.length, before, `${words}: nothing was asked of the acts or the store`);
  t.same(store.changes(), [], `${words}: nothing changed`);
}
type Asserts = Pick<typeof t, 'equal' | 'ok' | 'same' | 'match'>;

t.test('every operation has a sample here, so that none escapes the matrix', async (t) => {
  t.same(operations.map((o) => o.operationId).sort(), Object.keys(samples).sort());
});

t.test('nobody without a token, nobody with the wrong role', async (t) => {
  for (const operation of operations) {
    const { authorization: _, ...headers } = (await requestOf(operation)).headers as Record<string, string>;
    await refused(t, operation, 'no token', { ...(await requestOf(operation)), headers }, 401, 'token_missing');
    const forged = `Bearer ${(await tokenOf('ANALYST')).replace(/\.[^.]*$/, '.AAAA')}`;
    await refused(t, operation, 'forged token', await requestOf(operation, { headers: { authorization: forged } }), 401, 'token_invalid');
    const role = samples[operation.operationId]!.role;
    if (['federation.read', 'catalogue.read'].includes(permissionOf(operation))) continue;
    const stranger = `Bearer ${await tokenOf(strangerTo(role))}`;
    await refused(t, operation, 'wrong role', await requestOf(operation, { headers: { authorization: stranger } }), 403, 'role_forbidden');
  }
});

const forEverybody = new Set(['listKinds', 'getKindSchema', 'getCodeList', 'listPeers', 'listAgreements']);
const permissionOf = ({ operationId }: Operation): string => (forEverybody.has(operationId) ? 'catalogue.read' : '');

t.test('content is never read without a purpose', async (t) => {
  const reading = operations.filter((operation) => operation.content);
  t.same(reading.map((o) => o.operationId).sort(), [
    'decideOnConsent',
    'exportStatements',
    'getAttachment',
    'getDraft',
    'getShipment',
    'getStatementContent',
    'getSubjectRequest',
    'getThread',
    'listAttachments',
    'listConsentRequests',
    'previewDraft',
    'searchForSubject',
    'searchStatements',
    'withdrawConsent',
  ]);
  for (const operation of reading) {
    const without = async (headers: Record<string, string | undefined>) => {
      const request = await requestOf(operation);
      const sent = Object.entries({ ...request.headers, ...headers }).filter(([, value]) => value !== undefined);
      return { ...request, headers: Object.fromEntries(sent) as Record<string, string> };
    };
    await refused(t, operation, 'no purpose', await without({ 'entente-purpose': undefined }), 400, 'purpose_missing');
    await refused(t, operation, 'no justification', await without({ 'entente-justification': undefined }), 400, 'purpose_missing');
    await refused(t, operation, 'a word as justification', await without({ 'entente-justification': 'because' }), 400, 'purpose_missing');
    await refused(t, operation, 'unknown purpose', await without({ 'entente-purpose': 'CURIOSITY' }), 422, 'unknown_purpose');
    await refused(
      t,
      operation,
      'mangled encoding',
      await without({ 'entente-justification': 'Überprüfung der Ladung' }),
      400,
      'bad_encoding',
    );
  }
});

t.test('bodies that are not strict JSON in UTF-8 are refused before anything looks at them', async (t) => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const first = (body: object) => JSON.stringify(Object.keys(body)[0]);
  for (const operation of operations.filter((one) => one.json)) {
    const body = samples[operation.operationId]!.body!;
    const text = JSON.stringify(body);
    const spoilt = (payload: string | Buffer, headers = {}) => requestOf(operation, { payload, headers });
    await refused(t, operation, 'no JSON', await spoilt('{"a":'), 400, 'malformed_json');
    await refused(t, operation, 'empty', await spoilt(''), 400, 'malformed_json');
    await refused(t, operation, 'a member twice', await spoilt(`{${first(body)}:0,${text.slice(1)}`), 400, 'duplicate_member');
    await refused(
      t,
      operation,
      'a member twice, once escaped',
      await spoilt(`{"\\u0061":0,"a":0,${text.slice(1)}`),
      400,
      'duplicate_member',
    );
    await refused(t, operation, 'a fraction', await spoilt(`{"x":1.0,${text.slice(1)}`), 400, 'bad_number');
    await refused(t, operation, 'too large a number', await spoilt(`{"x":9007199254740993,${text.slice(1)}`), 400, 'bad_number');
    await refused(t, operation, 'half a character', await spoilt(`{"x":"\\ud800",${text.slice(1)}`), 400, 'lone_surrogate');
    await refused(t, operation, 'too deep', await spoilt(nested(17)), 400, 'too_deep');
    await refused(t, operation, 'a byte order mark', await spoilt(`\ufeff${text}`), 400, 'malformed_json');
    await refused(
      t,
      operation,
      'not UTF-8',
      await spoilt(Buffer.concat([Buffer.from('{"x":"'), Buffer.of(0xff), Buffer.from('"}')])),
      400,
      'bad_encoding',
    );
    await refused(t, operation, 'UTF-16', await spoilt(Buffer.from(text, 'utf16le')), 400, 'malformed_json');
    await refused(
      t,
      operation,
      'another character set',
      await spoilt(text, { 'content-type': 'application/json; charset=iso-8859-1' }),
      415,
      'unsupported_media_type',
    );
    await refused(t, operation, 'another type', await spoilt(text, { 'content-type': 'text/plain' }), 415, 'unsupported_media_type');
    await refused(
      t,
      operation,
      'a form',
      await spoilt('a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported_media_type',
    );
    await refused(t, operation, 'compressed', await spoilt(text, { 'content-encoding': 'gzip' }), 415, 'unsupported_media_type');
    await refused(t, operation, 'too large', await spoilt(`{"x":"${'y'.repeat(70_000)}"}`), 413, 'too_large');
  }
});

t.test('bodies of another shape are refused with the place', async (t) => {
  for (const operation of operations.filter((one) => one.json)) {
    const body = samples[operation.operationId]!.body! as Record<string, unknown>;
    const spoilt = (payload: unknown) => requestOf(operation, { payload: JSON.stringify(payload) });
    for (const other of [null, [], 7, 'text', true])
      await refused(t, operation, JSON.stringify(other), await spoilt(other), 400, 'invalid_request');
    await refused(t, operation, 'an unknown member', await spoilt({ ...body, constructor: 1 }), 400, 'invalid_request');
    const wrong = await requestOf(operation, { payload: `{"__proto__":{"x":1},${JSON.stringify(body).slice(1)}` });
    await refused(t, operation, '__proto__', wrong, 400, 'invalid_request');
    for (const member of Object.keys(body)) {
      await refused(t, operation, `${member} as a number`, await spoilt({ ...body, [member]: 7 }), 400, 'invalid_request');
      await refused(t, operation, `${member} as null`, await spoilt({ ...body, [member]: null }), 400, 'invalid_request');
    }
    const { errors } = (await app.inject(await spoilt({ ...body, [Object.keys(body)[0]!]: 7 }))).json();
    t.equal(errors[0].pointer, `/${Object.keys(body)[0]}`, `${operation.operationId} names the place`);
  }
});

t.test('addresses, cursors and headers are judged, too', async (t) => {
  for (const operation of operations) {
    const sample = samples[operation.operationId]!;
    const url = addressOf(operation, sample);
    const asking = (changed: string) => requestOf(operation, { url: changed });
    if (operation.parameters.some((p) => p.in === 'query')) {
      await refused(
        t,
        operation,
        'unknown parameter',
        await asking(`${url}${url.includes('?') ? '&' : '?'}debug=1`),
        400,
        'invalid_request',
      );
      for (const { name, schema } of operation.parameters.filter((p) => p.in === 'query')) {
        if (schema.type !== 'integer') continue;
        const base = url.replace(new RegExp(`([?&])${name}=[^&]*&?`), '$1');
        const glue = base.includes('?') ? '&' : '?';
        for (const value of ['-1', '1.5', 'x', '', `1&${name}=2`]) {
          await refused(t, operation, `${name}=${value}`, await asking(`${base}${glue}${name}=${value}`), 400, 'invalid_request');
        }
      }
    }
    for (const { name, schema } of operation.parameters.filter((p) => p.in === 'path' && p.schema.pattern)) {
      const spoilt = { ...sample, path: { ...sample.path, [name]: 'no such*name' } };
      await refused(t, operation, `path ${name} (${schema.pattern})`, await asking(addressOf(operation, spoilt)), 400, 'invalid_request');
    }
    if (operation.parameters.some((p) => p.name === 'idempotency-key') && operation.json) {
      await refused(
        t,
        operation,
        'too short a key',
        await requestOf(operation, { headers: { 'idempotency-key': 'x' } }),
        400,
        'invalid_request',
      );
    }
  }
  const headers = { authorization: `Bearer ${await tokenOf('ANALYST')}` };
  t.equal((await app.inject({ url: '/v1/inbox/%E0%A4%A', headers })).json().code, 'bad_url');
  t.equal((await app.inject({ url: '/v1/nothing', headers })).json().code, 'not_found');
  t.equal((await app.inject({ method: 'PUT', url: '/v1/statements', headers })).json().code, 'not_found');
  t.equal((await app.inject({ url: `/v1/code-lists/${'x'.repeat(2000)}`, headers })).statusCode, 404);
  t.equal((await app.inject({ url: '/v1/code-lists/nothing', headers })).json().code, 'not_found');
});

t.test('declarations are XML', async (t) => {
  const operation = operations.find((one) => one.operationId === 'postDeclaration')!;
  const posting = (payload: string | Buffer, type = 'application/xml') =>
    requestOf(operation, { payload, headers: { 'content-type': type } });
  await refused(t, operation, 'JSON', await posting('{}', 'application/json'), 415, 'unsupported_media_type');
  await refused(t, operation, 'nothing', await posting(''), 400, 'malformed_xml');
  await refused(t, operation, 'half an element', await posting('<a><b></a>'), 400, 'malformed_xml');
  await refused(
    t,
    operation,
    'an entity',
    await posting('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    400,
    'malformed_xml',
  );
  await refused(
    t,
    operation,
    'not the text that it says',
    await posting(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e])),
    400,
    'bad_encoding',
  );
  await refused(t, operation, 'too large', await posting(`<a>${'x'.repeat(200_000)}</a>`), 413, 'too_large');
  await refused(t, operation, 'something else', await posting('<invoice/>'), 422, 'declaration_refused');
});

t.test('trouble of our own tells an id and nothing else', async (t) => {
  const answer = await app.inject({
    url: '/v1/inbox',
    headers: { authorization: `Bearer ${await tokenOf('ANALYST')}`, 'entente-request-id': 'a-request-of-mine' },
  });
  t.strictSame(answer.json(), {
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    code: 'internal',
    request_id: 'a-request-of-mine',
  });
  t.equal(answer.headers['entente-request-id'], 'a-request-of-mine', 'one name through several nodes');
  const injected = await app.inject({ url: '/healthz', headers: { 'entente-request-id': 'a"b}\\n' } });
  t.match(injected.headers['entente-request-id'], /^[0-9a-f-]{36}$/, 'nothing unfit for a log');
});

t.test('one address cannot ask without end', async (t) => {
  const limited = await world({ issuers: home.trusted(), config: { requestsPerMinute: 10 } });
  t.teardown(() => limited.app.close());
  for (let i = 0; i < 10; i++) t.equal((await limited.app.inject('/healthz')).statusCode, 200);
  const answer = await limited.app.inject('/healthz');
  t.equal(answer.statusCode, 429);
  t.equal(answer.json().code, 'too_many_requests');
  t.ok(Number(answer.headers['retry-after']) > 0);
});

t.test('one officer cannot ask without end, from whatever address, and his refusals do not fill the access log', async (t) => {
  const limited = await world({
    issuers: home.trusted(),
    config: { officerRequestsPerMinute: 10 },
    store: { statements: async () => ({ items: [] }) },
  });
  t.teardown(() => limited.app.close());
  const asking = async (sub: string, remoteAddress: string) =>
    await limited.app.inject({
      url: '/v1/statements',
      remoteAddress,
      headers: { authorization: `Bearer ${await home.token({ sub, entente_roles: ['ANALYST'] })}` },
    });
  for (let i = 0; i < 10; i++) t.equal((await asking('busy', `192.0.2.${i}`)).statusCode, 200);
  const written = limited.store.access().length;
  const answer = await asking('busy', '192.0.2.99');
  t.match(answer.json(), { status: 429, code: 'too_many_requests' });
  t.ok(Number(answer.headers['retry-after']) > 0);
  t.equal(limited.store.access().filter(({ operation }) => operation === 'REFUSED').length, 0);
  t.ok(limited.store.access().length <= written + 1, 'his new login at most');
  t.equal((await asking('another', '192.0.2.99')).statusCode, 200, 'nobody else is held up');
});

t.test('a browser keeps nothing of an answer, guesses nothing of it, shows it in no frame, and comes by TLS only', async (t) => {
  for (const url of ['/healthz', '/v1/nothing', '/v1/inbox']) {
    const { headers } = await app.inject({ url, headers: { authorization: `Bearer ${await tokenOf('ANALYST')}` } });
    t.match(headers, {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
      'strict-transport-security': /max-age=31536000; includeSubDomains/,
      'referrer-policy': 'no-referrer',
    });
    t.notOk(headers['access-control-allow-origin'], 'no other origin reads it');
  }
  t.equal((await app.inject({ method: 'TRACE' as never, url: '/healthz' })).statusCode, 404);
});
