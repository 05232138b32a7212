import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import t from 'tap';
import { trustedIssuers } from '../src/auth/keys.js';
import { conflictOf, type Permission, type Role, roleFor, roles } from '../src/auth/roles.js';
import { provider, selfId, world } from './world.js';

const home = await provider();
t.teardown(() => home.close());
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

t.test('tokens of the provider open the door, in each algorithm', async (t) => {
  const { app, store } = await world({ issuers: home.trusted() });
  t.teardown(() => app.close());
  for (const alg of ['ES256', 'EdDSA', 'RS256', 'PS256']) {
    const answer = await app.inject({ url: '/v1/kinds', headers: bearer(await home.token({}, { alg })) });
    t.equal(answer.statusCode, 200, alg);
  }
  const listed = await app.inject({ url: '/v1/kinds', headers: bearer(await home.token({ aud: ['other', selfId] })) });
  t.equal(listed.statusCode, 200, 'one audience of several');
  t.equal(store.access().filter((e) => e.operation === 'LOGIN').length, 5, 'each first use of a token is a login');
});

t.test('F21 every refused token is in the access log, and nothing else happens', async (t) => {
  const foreign = await provider();
  t.teardown(() => foreign.close());
  const { app, store, asked } = await world({ issuers: home.trusted() });
  t.teardown(() => app.close());
  const seconds = Math.floor(Date.now() / 1000);
  const good = await home.token();
  const [header, payload, signature] = good.split('.') as [string, string, string];
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const spki = await exportSPKI(home.pairs.get('RS256')!.publicKey);
  const confused = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'key-RS256' }).sign(new TextEncoder().encode(spki));

  const cases: [string, string | undefined, string, number][] = [
    ['no header', undefined, 'token_missing', 401],
    ['another scheme', 'Basic dXNlcjpwYXNz', 'token_missing', 401],
    ['no token', 'Bearer ', 'token_invalid', 401],
    ['not a token', 'Bearer abc', 'token_invalid', 401],
    ['algorithm none', `Bearer ${encoded({ alg: 'none' })}.${payload}.`, 'token_invalid', 401],
    [
      'algorithm none with a signature',
      `Bearer ${encoded({ alg: 'none', kid: 'key-ES256' })}.${payload}.${signature}`,
      'token_invalid',
      401,
    ],
    ['a public key as shared secret', `Bearer ${confused}`, 'token_invalid', 401],
    [
      'another algorithm than the key',
      `Bearer ${encoded({ alg: 'RS256', kid: 'key-ES256' })}.${payload}.${signature}`,
      'token_invalid',
      401,
    ],
    ['altered claims', `Bearer ${header}.${encoded({ ...claims, entente_roles: ['AUDITOR'] })}.${signature}`, 'token_invalid', 401],
    ['altered signature', `Bearer ${header}.${payload}.${signature.slice(0, -4)}AAAA`, 'token_invalid', 401],
    ['no signature', `Bearer ${header}.${payload}.`, 'token_invalid', 401],
    ['expired', `Bearer ${await home.token({ exp: seconds - 60 })}`, 'token_expired', 401],
    ['not yet valid', `Bearer ${await home.token({ nbf: seconds + 600 })}`, 'token_invalid', 401],
    ['for ever', `Bearer ${await home.token({ exp: undefined } as never)}`, 'token_invalid', 401],
    ['for another audience', `Bearer ${await home.token({ aud: 'https://other.example' })}`, 'token_invalid', 401],
    ['for nobody', `Bearer ${await home.token({ aud: undefined } as never)}`, 'token_invalid', 401],
    ['of an issuer that nobody named', `Bearer ${await foreign.token()}`, 'token_invalid', 401],
    [
      'of a foreign key under our name',
      `Bearer ${await home.token({}, { key: foreign.pairs.get('ES256')!.privateKey } as never)}`,
      'token_invalid',
      401,
    ],
    ['of two issuers', `Bearer ${await home.token({ iss: [home.issuer, foreign.issuer] } as never)}`, 'token_invalid', 401],
    ['without issuer', `Bearer ${await home.token({ iss: undefined } as never)}`, 'token_invalid', 401],
    [
      'with an unknown critical header',
      `Bearer ${await home.token({}, { header: { crit: ['b64'], b64: true } } as never)}`,
      'token_invalid',
      401,
    ],
    ['of an unknown key', `Bearer ${await home.token({}, { kid: 'nobody' })}`, 'token_invalid', 401],
    ['too long', `Bearer ${await home.token({ filler: 'x'.repeat(13_000) })}`, 'token_invalid', 401],
    ['without a name', `Bearer ${await home.token({ sub: undefined } as never)}`, 'access_denied', 403],
    ['with a line break as name', `Bearer ${await home.token({ sub: 'a\nb' })}`, 'access_denied', 403],
    ['without a role', `Bearer ${await home.token({ entente_roles: ['KING'] })}`, 'access_denied', 403],
    ['administrator and analyst at once', `Bearer ${await home.token({ entente_roles: ['ADMIN', 'ANALYST'] })}`, 'access_denied', 403],
    ['with the wrong role', `Bearer ${await home.token({ entente_roles: 'ADMIN' })}`, 'role_forbidden', 403],
  ];
  for (const [name, authorization, code, status] of cases) {
    const before = store.access().length;
    const answer = await app.inject({ url: '/v1/statements', headers: authorization === undefined ? {} : { authorization } });
    t.equal(answer.statusCode, status, name);
    t.equal(answer.json().code, code, name);
    t.match(answer.headers['content-type'], /^application\/problem\+json/, name);
    if (status === 401) t.equal(answer.headers['www-authenticate'], 'Bearer', name);
    const refusals = store
      .access()
      .slice(before)
      .filter((e) => e.operation === 'REFUSED');
    t.match(refusals, [{ code, object: 'GET /v1/statements', request_id: answer.json().request_id }], `${name}: in the access log`);
  }
  t.same(asked, [], 'nothing was asked of the store');
  t.same(store.changes(), [], 'nothing changed');
});

t.test('a stranger cannot make the node ask the provider again and again', async (t) => {
  const other = await provider();
  t.teardown(() => other.close());
  const { app } = await world({ issuers: other.trusted() });
  t.teardown(() => app.close());
  for (let i = 0; i < 20; i++) {
    const answer = await app.inject({ url: '/v1/kinds', headers: bearer(await other.token({}, { kid: `unknown-${i}` })) });
    t.equal(answer.statusCode, 401);
  }
  t.same(other.requests, ['/.well-known/openid-configuration', '/keys']);
});

t.test('a provider that does not answer is our trouble, and no reason to let anybody in', async (t) => {
  const other = await provider();
  const { app, asked } = await world({ issuers: other.trusted() });
  t.teardown(() => app.close());
  const token = await other.token();
  await other.close();
  const answer = await app.inject({ url: '/v1/statements', headers: bearer(token) });
  t.equal(answer.statusCode, 503);
  t.strictSame(Object.keys(answer.json()).sort(), ['code', 'request_id', 'status', 'title', 'type'], 'an id and nothing else');
  t.same(asked, []);
});

t.test('claims are mapped as the agency configured them, several issuers side by side', async (t) => {
  const second = await provider('entente');
  t.teardown(() => second.close());
  const mapped = second.trusted({
    claims: { pseudonym: 'pseudonym', roles: 'realm_access.roles', unit: 'org.unit' },
    roles: { 'douane-analist': 'ANALYST', ignored: 'KING' },
  });
  const { app, store } = await world({ issuers: [...home.trusted(), ...mapped] });
  t.teardown(() => app.close());
  const claims = { pseudonym: 'p-19', realm_access: { roles: ['offline', 'douane-analist', 'ignored'] }, org: { unit: 'Team 4' } };
  const created = await app.inject({
    method: 'POST',
    url: '/v1/drafts',
    headers: bearer(await second.token(claims)),
    payload: { statement: { kind: 'alert' } },
  });
  t.equal(created.statusCode, 201);
  t.match(store.changes()[0]!.drafts, [{ author: 'p-19', unit: 'Team 4' }]);
  t.equal((await app.inject({ url: '/v1/kinds', headers: bearer(await home.token()) })).statusCode, 200);
  const swapped = await app.inject({ url: '/v1/kinds', headers: bearer(await second.token({ ...claims, aud: selfId })) });
  t.equal(swapped.json().code, 'token_invalid', "another issuer's audience does not count");
});

t.test('the local issuer of a trial signs with ES256 and the key in its file', async (t) => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const file = join(t.testdir(), 'local-issuer.json');
  writeFileSync(file, JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'local' }), { mode: 0o600 });
  const issuers = trustedIssuers({ entity_id: selfId, issuers: [], local_issuer: { issuer: 'urn:entente:local', key_file: file } });
  const { app } = await world({ issuers });
  t.teardown(() => app.close());
  const token = async (kid: string) =>
    await new SignJWT({ entente_roles: ['AUDITOR'] })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer('urn:entente:local')
      .setAudience(selfId)
      .setSubject('auditor')
      .setExpirationTime('5m')
      .sign(privateKey);
  t.equal((await app.inject({ url: '/v1/kinds', headers: bearer(await token('local')) })).statusCode, 200);
  t.equal((await app.inject({ url: '/v1/kinds', headers: bearer(await token('other')) })).statusCode, 401);
});

t.test('the table of roles keeps duties apart', async (t) => {
  const content: Permission[] = ['statement.read', 'draft.read', 'shipment.read', 'inbox.read', 'statement.list', 'audit.read'];
  for (const permission of content) t.equal(roleFor(['ADMIN'], permission), undefined, `ADMIN has no ${permission}`);
  for (const permission of ['statement.read', 'statement.post', 'draft.decide'] as const)
    t.equal(roleFor(['AUDITOR'], permission), undefined);
  t.equal(roleFor(['DPO'], 'draft.decide'), undefined);
  t.same(conflictOf(['RELEASER', 'DPO']), ['RELEASER', 'DPO']);
  t.same(conflictOf(['ANALYST', 'RELEASER']), undefined, 'nobody releases what he wrote, but one may be both');
  for (const role of roles as readonly Role[]) t.same(conflictOf([role]), undefined);
});
