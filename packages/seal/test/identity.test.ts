import fc from 'fast-check';
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import t from 'tap';
import { bytes32, fixedKey, p256Order } from '../scripts/fixed-keys.js';
import { readClaims } from '../src/identity/claims.js';
import {
  acceptConfiguration,
  assertKeyValid,
  assertUnique,
  canonicalBytes,
  type EntityConfiguration,
  findKeyIn,
  inspectEntityConfiguration,
  isDigest,
  type KeyRecord,
  openCompact,
  pinEntity,
  signCompact,
  signEntityConfiguration,
  signHandover,
  thumbprint,
} from '../src/index.js';
import { generateKey, nodeSigner, nodeVerifier, verificationKey } from '../src/node.js';
import { customs, finderOf, findKey, findKeyWith, forge, keys, licensing, now, records } from './federation.js';

const read = (claims: object) =>
  readClaims(claims as never, { iss: (v): v is string => typeof v === 'string', iat: (v): v is number => typeof v === 'number' });
const options = { typ: 'test+jwt', use: 'statement', findKey, read } as const;
const claims = { iss: customs, iat: now };
const header = (more = {}) => ({ alg: 'ES256', kid: keys.statement.signer.kid, typ: 'test+jwt', ...more });

for (const alg of ['ES256', 'Ed25519'] as const) {
  t.test(`${alg}: signed, opened, and verified by jose`, async (t) => {
    const { jwk, kid, privateJwk } = generateKey(alg);
    const signer = nodeSigner(privateJwk);
    t.equal(kid, await calculateJwkThumbprint(jwk), 'RFC 7638 thumbprint as jose computes it');
    const record: KeyRecord = { iss: customs, kid, use: 'statement', alg, jwk, not_before: 0, not_after: now };
    const key = await importJWK(jwk, alg);
    for (let turn = 0; turn < 20; turn++) {
      const jws = await signCompact('test+jwt', { ...claims, turn }, signer);
      t.match((await compactVerify(jws, key)).protectedHeader, { alg, kid, typ: 'test+jwt' });
      t.equal((await openCompact(jws, { ...options, findKey: finderOf([record]), read: (c) => c as never })).key.kid, kid);
    }
  });
}

t.test('an asynchronous verifier is awaited', async (t) => {
  const jws = await signCompact('test+jwt', claims, keys.statement.signer);
  const record = records[0]!;
  const slow = (answer: boolean) => () => ({ ...record, verify: async () => answer });
  t.equal((await openCompact(jws, { ...options, findKey: slow(true) })).claims.iat, now);
  await t.rejects(openCompact(jws, { ...options, findKey: slow(false) }), { code: 'bad_signature' });
});

t.test('a header may name a key and nothing else', async (t) => {
  const open = async (head: object | string, payload: object | string = claims) =>
    openCompact(await forge(head, payload, keys.statement), options);
  t.ok(await open(header()));
  const extra = {
    jwk: keys.statement.jwk,
    jku: 'https://x.example',
    x5c: ['AA=='],
    x5u: 'https://x.example',
    b64: false,
    crit: ['exp'],
    cty: 'x',
  };
  for (const [name, value] of Object.entries(extra)) await t.rejects(open(header({ [name]: value })), { code: 'bad_header' }, name);
  for (const alg of ['none', 'EdDSA', 'HS256', 'ES384', 'es256', null, 1])
    await t.rejects(open(header({ alg })), { code: 'bad_alg' }, String(alg));
  await t.rejects(open(header({ alg: 'Ed25519' })), { code: 'bad_alg' }, 'known, but not of this key');
  await t.rejects(open(header({ typ: 'other+jwt' })), { code: 'wrong_typ' });
  await t.rejects(open(header({ kid: undefined })), { code: 'bad_header' });
  await t.rejects(open(header({ kid: keys.release.signer.kid })), { code: 'unknown_key' }, 'a key for another use');
  await t.rejects(open('[]'), { code: 'malformed' });
  await t.rejects(open(JSON.stringify(header()).replace('{', '{"alg":"none",')), { code: 'duplicate_member' });
  await t.rejects(open(header(), '"text"'), { code: 'malformed' });
  await t.rejects(open(header(), { iat: now }), { code: 'bad_claims' });
});

t.test('three canonical parts, or nothing', async (t) => {
  const jws = await signCompact('test+jwt', claims, keys.statement.signer);
  const [head, payload, signature] = jws.split('.') as [string, string, string];
  const open = (text: string) => openCompact(text, options);
  for (const text of ['', '.', '..', 'a', `${head}.${payload}`, `.${payload}.${signature}`, `${head}..${signature}`, `${jws}.x`]) {
    await t.rejects(open(text), { code: 'malformed' }, text.slice(0, 10));
  }
  await t.rejects(open(`${head}.${payload}.`), { code: 'bad_signature' });
  await t.rejects(open(`${jws}==`), { code: 'malformed' });
  await t.rejects(open(`${head}.${payload}.${signature.slice(0, -2)}`), { code: 'bad_signature' });
  await t.rejects(open(`${head}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.${signature}`), { code: 'malformed' }, 'not UTF-8');
  await t.rejects(openCompact(jws, { ...options, maximumBytes: jws.length - 1 }), { code: 'too_large' });
  await t.rejects(signCompact('test+jwt', { text: 'x'.repeat(300_000) }, keys.statement.signer), { code: 'too_large' });
});

t.test('F29 one signature has one encoding', async (t) => {
  const jws = await signCompact('test+jwt', claims, keys.statement.signer);
  const at = jws.lastIndexOf('.') + 1;
  const [input, signature] = [jws.slice(0, at), Buffer.from(jws.slice(at), 'base64url')];
  const open = (changed: Uint8Array | string) =>
    openCompact(input + (typeof changed === 'string' ? changed : Buffer.from(changed).toString('base64url')), options);
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const other = Buffer.concat([signature.subarray(0, 32), bytes32(p256Order - s)]);
  t.ok(verificationKey(records[0]!).verify(Buffer.from(input.slice(0, -1)), other), 'OpenSSL takes (r, n - s) for the same');
  await t.rejects(open(other), { code: 'non_canonical' });
  const last = signature.toString('base64url').at(-1)!;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const sibling = alphabet[alphabet.indexOf(last) + 1]!;
  t.same(Buffer.from(jws.slice(at, -1) + sibling, 'base64url'), signature, 'unused bits decode to the same');
  await t.rejects(open(jws.slice(at, -1) + sibling), { code: 'non_canonical' });
  await t.rejects(open(Buffer.concat([Buffer.alloc(32), signature.subarray(32)])), { code: 'non_canonical' }, 'r = 0');
  await t.rejects(open(Buffer.concat([signature.subarray(0, 32), Buffer.alloc(32)])), { code: 'non_canonical' }, 's = 0');
  await t.rejects(open(Buffer.concat([bytes32(p256Order), signature.subarray(32)])), { code: 'non_canonical' }, 'r = n');
});

t.test('F29 one Ed25519 signature has one encoding', async (t) => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const little = (value: bigint) => bytes32(value).reverse();
  const jws = await signCompact('test+jwt', claims, keys.ed25519.signer);
  const at = jws.lastIndexOf('.') + 1;
  const signature = Buffer.from(jws.slice(at), 'base64url');
  const open = (changed: Buffer) => openCompact(jws.slice(0, at) + changed.toString('base64url'), options);
  t.ok(await open(signature));
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`);
  await t.rejects(open(Buffer.concat([signature.subarray(0, 32), little(s + order)])), { code: 'non_canonical' }, 'S + L');
  await t.rejects(open(Buffer.concat([little(2n ** 255n - 19n), signature.subarray(32)])), { code: 'non_canonical' }, 'y = p');
  await t.rejects(open(Buffer.concat([Buffer.alloc(32, 1), signature.subarray(32)])), { code: 'bad_signature' });
});

t.test('the signer of whatever make is brought to the one form', async (t) => {
  const { signer } = keys.statement;
  for (let turn = 0; turn < 20; turn++) {
    const jws = await signCompact('test+jwt', { ...claims, turn }, { ...signer, sign: async (bytes) => highS(await signer.sign(bytes)) });
    t.ok(await openCompact(jws, { ...options, read: (c) => c as never }));
  }
  const broken = (sign: () => Uint8Array) => signCompact('test+jwt', claims, { ...signer, sign });
  await t.rejects(
    broken(() => new Uint8Array(70)),
    { code: 'bad_signature' },
    'DER',
  );
  await t.rejects(
    broken(() => new Uint8Array(64)),
    { code: 'bad_signature' },
    'zeros',
  );
});

function highS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
  const high = s > p256Order / 2n ? s : p256Order - s;
  return Buffer.concat([signature.subarray(0, 32), bytes32(high)]);
}

t.test('digests and base64url', async (t) => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (data) => isDigest(Buffer.from(data).toString('base64url'))));
  for (const text of ['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}B`, `${'A'.repeat(42)}=`, 5, null]) t.notOk(isDigest(text));
  t.throws(() => canonicalBytes('_-9'), { code: 'non_canonical' });
  t.throws(() => canonicalBytes('a b'), { code: 'malformed' });
});

t.test('key history', async (t) => {
  const key = records[0]!;
  assertKeyValid(key, now);
  t.throws(() => assertKeyValid({ ...key, not_before: now + 1 }, now), { code: 'key_not_valid' });
  t.throws(() => assertKeyValid({ ...key, not_after: now - 1 }, now), { code: 'key_not_valid' });
  assertKeyValid({ ...key, not_after: now }, now);
  t.throws(() => assertKeyValid({ ...key, revoked_at: now }, now), { code: 'key_not_valid' }, 'from the second of its revocation');
  assertKeyValid({ ...key, revoked_at: now + 1 }, now);
  const compromised = { ...key, compromised_from: now + 100 };
  t.throws(() => assertKeyValid(compromised, now), { code: 'key_compromised' }, 'whatever its iat says');
  t.throws(() => assertKeyValid(compromised, now, now + 100), { code: 'key_compromised' });
  assertKeyValid(compromised, now, now + 99);

  const jws = await signCompact('test+jwt', claims, keys.statement.signer);
  const { kid } = keys.statement.signer;
  const open = (change: Partial<KeyRecord>, provenBefore?: number) =>
    openCompact(jws, { ...options, findKey: findKeyWith(kid, change), provenBefore });
  await t.rejects(open({ compromised_from: now + 5 }), { code: 'key_compromised' });
  t.ok(await open({ compromised_from: now + 5 }, now + 4), 'proven to have existed before');
  t.ok(await open({ not_after: now + 1 }), 'a key that ended verifies what it signed in its time');
});

t.test('keys that are none', async (t) => {
  t.throws(
    () => nodeVerifier({ kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) }, 'ES256'),
    { code: 'bad_key' },
    'not on the curve',
  );
  t.throws(() => nodeSigner({ kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43), d: 'A'.repeat(43) } as never), { code: 'bad_key' });
  t.throws(() => nodeSigner({ ...keys.statement.privateJwk, d: '' }), { code: 'bad_key' });
  t.throws(() => nodeSigner({ ...keys.statement.privateJwk, x: 'AA' }), { code: 'bad_key' });
  t.throws(
    () => nodeSigner({ ...keys.federation.privateJwk, x: keys.next.privateJwk.x }),
    { code: 'bad_key' },
    'public and private part of two keys',
  );
});

// the entity configuration

const certificate = Buffer.from('not parsed here: a certificate is bytes with a fingerprint').toString('base64');
const base: EntityConfiguration = {
  id: customs,
  iat: now,
  exp: now + 1000,
  organizationName: 'Customs (demo node)',
  country: 'NL',
  agencyType: 'CUSTOMS',
  protocolVersions: ['1'],
  keys: records.filter(({ iss }) => iss === customs),
  certificates: [{ fingerprint: '', pem: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n` }],
  log: { origin: 'nl-cus.example/log/1', vkey: 'nl-cus.example/log/1+00000000+AAAA' },
  endpoints: { federation: 'https://127.0.0.1:7443/federation/v1' },
  next: keys.next.signer.kid,
};
const pin = keys.federation.signer.kid;
const context = { now, verifiable: verificationKey };
const sign = (change: Partial<EntityConfiguration> = {}, signer = keys.federation.signer) =>
  signEntityConfiguration({ ...base, ...change }, signer);
const pinned = async () => pinEntity(await sign(), pin, context);

t.test('a node is trusted by configuration and thumbprint', async (t) => {
  const jwt = await sign();
  const { configuration } = await pinEntity(jwt, pin, context);
  t.match(configuration, { id: customs, country: 'NL', agencyType: 'CUSTOMS', next: base.next!, endpoints: base.endpoints });
  t.same(configuration.keys.map(({ kid }) => kid).sort(), base.keys.map(({ kid }) => kid).sort());
  t.match(configuration.certificates[0]!.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  t.match(configuration.certificates[0]!.pem, /^-----BEGIN CERTIFICATE-----\n(.{1,64}\n)+-----END/);
  t.ok(await compactVerify(jwt, await importJWK(keys.federation.jwk, 'Ed25519')), 'second opinion');
  t.equal(findKeyIn([configuration], verificationKey)(customs, pin, 'federation')?.kid, pin);
  t.equal(findKeyIn([configuration], verificationKey)(licensing, pin, 'federation'), undefined);

  await t.rejects(pinEntity(jwt, keys.next.signer.kid, context), { code: 'not_pinned' });
  await t.rejects(pinEntity(jwt, pin, { ...context, now: base.exp }), { code: 'expired_configuration' });
  await t.rejects(pinEntity(`${jwt.slice(0, -4)}AAAA`, pin, context), { code: 'bad_signature' });
  await t.rejects(sign({}, keys.next.signer), { code: 'unknown_key' }, 'signed by a key that it does not list');
});

t.test('a configuration of the wrong form is refused', async (t) => {
  const { payload } = await compactVerify(await sign(), await importJWK(keys.federation.jwk, 'Ed25519'));
  const good = JSON.parse(Buffer.from(payload).toString());
  const head = { alg: 'Ed25519', kid: pin, typ: 'entity-statement+jwt' };
  const pinChanged = async (change: (c: typeof good) => void, typ = head) => {
    const changed = structuredClone(good);
    change(changed);
    return pinEntity(await forge(typ, changed, keys.federation), pin, context);
  };
  t.ok(await pinChanged((c) => Object.assign(c, { authority_hints: ['https://anchor.example'] })), 'other profiles may add claims');
  const node = (c: typeof good) => c.metadata.entente_node;
  const cases: [string, string, (c: typeof good) => void][] = [
    ['bad_claims', 'sub', (c) => Object.assign(c, { sub: licensing })],
    ['bad_claims', 'iss with a query', (c) => Object.assign(c, { iss: `${customs}?a`, sub: `${customs}?a` })],
    ['bad_claims', 'no metadata', (c) => delete c.metadata.entente_node],
    ['bad_claims', 'no exp', (c) => delete c.exp],
    ['bad_claims', 'certificate', (c) => Object.assign(node(c), { tls: ['?'] })],
    ['bad_claims', 'endpoint without TLS', (c) => Object.assign(node(c), { endpoints: { federation: 'http://127.0.0.1' } })],
    ['bad_key', 'private key published', (c) => Object.assign(c.jwks.keys[0], { d: 'A'.repeat(43) })],
    ['bad_key', 'kid', (c) => Object.assign(c.jwks.keys[0], { kid: keys.next.signer.kid })],
    ['bad_key', 'curve', (c) => Object.assign(c.jwks.keys[0], { crv: 'Ed448' })],
    ['bad_key', 'no object', (c) => c.jwks.keys.push(1)],
    ['bad_key', 'statement key among federation keys', (c) => c.jwks.keys.push(node(c).jwks.keys[0])],
    ['bad_claims', 'use', (c) => Object.assign(node(c).jwks.keys[0], { use_for: 'all' })],
    ['key_not_unique', 'one key for two uses', (c) => node(c).jwks.keys.push({ ...node(c).jwks.keys[0], use_for: 'release' })],
  ];
  for (const [code, what, change] of cases) await t.rejects(pinChanged(change), { code }, what);
  await t.rejects(
    pinChanged(() => {}, { ...head, typ: 'JWT' }),
    { code: 'wrong_typ' },
  );
  t.throws(() => inspectEntityConfiguration(''), { code: 'malformed' });
});

t.test('a newer configuration follows the pinned key', async (t) => {
  const held = await pinned();
  const accept = async (change: Partial<EntityConfiguration>, signer = keys.federation.signer) =>
    acceptConfiguration(held, await sign({ iat: now + 10, ...change }, signer), context);
  t.equal((await accept({ organizationName: 'Customs' })).pin, pin);
  await t.rejects(accept({ iat: now }), { code: 'stale_configuration' });
  await t.rejects(accept({ exp: now }), { code: 'expired_configuration' });
  const foreignKeys = [keys.federation.record(licensing, 'federation')];
  await t.rejects(accept({ id: licensing, keys: foreignKeys }), { code: 'wrong_issuer' });
  await t.rejects(accept({ keys: base.keys.slice(1) }), { code: 'key_history_changed' }, 'a key vanished');
  const changed = (change: Partial<KeyRecord>) => base.keys.map((key, at) => (at === 0 ? { ...key, ...change } : key));
  await t.rejects(accept({ keys: changed({ not_before: 5 }) }), { code: 'key_history_changed' });
  await t.rejects(accept({ keys: changed({ not_after: now * 2 }) }), { code: 'key_history_changed' });
  t.ok(await accept({ keys: changed({ not_after: now + 20, revoked_at: now + 5 }) }), 'ended earlier');
  const extra = fixedKey('ES256', 'customs statement 3');
  t.ok(await accept({ keys: [...base.keys, extra.record(customs, 'statement', { not_before: now })] }));
  await t.rejects(accept({ keys: [...base.keys, extra.record(customs, 'statement', { not_before: now - 1 })] }), { code: 'key_backdated' });

  const ended = await acceptConfiguration(held, await sign({ iat: now + 10, keys: changed({ revoked_at: now + 5 }) }), context);
  const undone = sign({ iat: now + 20 });
  await t.rejects(
    acceptConfiguration({ ...ended, pin }, await undone, context),
    { code: 'key_history_changed' },
    'a revocation is not taken back',
  );
});

t.test('the federation key rolls over by the old one and the next', async (t) => {
  const held = await pinned();
  const rolled = [...base.keys, keys.next.record(customs, 'federation', { not_before: now + 10 })];
  const handover = await signHandover({ iss: customs, iat: now + 5, to: keys.next.signer.kid }, keys.federation.signer);
  const accept = async (change: Partial<EntityConfiguration>, signer = keys.next.signer) =>
    acceptConfiguration(held, await sign({ iat: now + 10, keys: rolled, handover, ...change }, signer), context);
  t.equal((await accept({})).pin, keys.next.signer.kid);
  const { handover: _, ...without } = { ...base, iat: now + 10, keys: rolled, handover };
  await t.rejects(
    acceptConfiguration(held, await signEntityConfiguration(without, keys.next.signer), context),
    { code: 'not_pinned' },
    'by the next alone',
  );
  const stranger = fixedKey('Ed25519', 'stranger');
  const withStranger = [...base.keys, stranger.record(customs, 'federation')];
  const toStranger = await signHandover({ iss: customs, iat: now + 5, to: stranger.signer.kid }, keys.federation.signer);
  await t.rejects(accept({ keys: withStranger, handover: toStranger }, stranger.signer), { code: 'not_pinned' }, 'not announced');
  const byStranger = await signHandover({ iss: customs, iat: now + 5, to: keys.next.signer.kid }, stranger.signer);
  await t.rejects(accept({ handover: byStranger }), { code: 'unknown_key' }, 'handed over by a stranger');
});

t.test('a key that revokes itself is obeyed', async (t) => {
  const held = await pinned();
  const revoked = base.keys.map((key) => (key.kid === pin ? { ...key, revoked_at: now + 5 } : key));
  const accepted = await acceptConfiguration(held, await sign({ iat: now + 10, keys: revoked }), context);
  t.equal(accepted.pin, undefined);
  const compromised = base.keys.map((key) => (key.kid === pin ? { ...key, compromised_from: now - 500 } : key));
  t.equal((await acceptConfiguration(held, await sign({ iat: now + 10, keys: compromised }), context)).pin, undefined);
});

t.test('what one node claims nobody else may claim', async (t) => {
  const mine = { id: customs, keys: [{ kid: 'a', use: 'log' as const }], certificates: [{ fingerprint: 'AA' }], log: { origin: 'o' } };
  const other = { id: licensing, keys: [{ kid: 'b', use: 'log' as const }], certificates: [{ fingerprint: 'BB' }] };
  assertUnique([mine, other]);
  const unique = { code: 'key_not_unique' };
  t.throws(() => assertUnique([mine, { ...other, keys: mine.keys }]), unique);
  t.throws(() => assertUnique([mine, { ...other, certificates: mine.certificates }]), unique);
  t.throws(() => assertUnique([mine, { ...other, log: mine.log }]), unique);
  const twice = [...mine.keys, { kid: 'a', use: 'witness' as const }];
  t.throws(() => assertUnique([{ ...mine, keys: twice }]), unique, 'a witness key that is the log key');
  t.equal(thumbprint(keys.statement.jwk), keys.statement.signer.kid);
});
