import { createHash } from 'node:crypto';
import { type SdObject, type StatementInput, unfold } from '@entente/statement';
import { SDJwtInstance } from '@sd-jwt/core';
import fc from 'fast-check';
import { compactVerify, importJWK } from 'jose';
import t from 'tap';
import { bytes32, p256Order } from '../scripts/fixed-keys.js';
import { type IssuedStatement, issueStatement, joinStatement, openStatement, type SealCode, select, splitStatement } from '../src/index.js';
import { Discloser } from '../src/statement/disclose.js';
import { alert, customs, findKey, findKeyWith, forge, issue, jti, keys, now, permitFor, random } from './federation.js';

const texts = ({ disclosures }: IssuedStatement) => disclosures.map(({ text }) => text);
const at = ({ disclosures }: IssuedStatement, pointer: string) => disclosures.find((disclosure) => disclosure.pointer === pointer)!;
const decoded = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString());
const encoded = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

t.test('what is issued opens to what was put in', async (t) => {
  const issued = await issue();
  const opened = await openStatement(issued.jwt, texts(issued), findKey);
  t.same(unfold(alert, opened.body as never), alert.example.body);
  t.same(opened.claims, issued.claims);
  t.same(opened.digest, digest(issued.jwt));
  t.same(opened.rel, alert.example.rel);
  t.equal(opened.key.kid, keys.statement.signer.kid);
  t.same(
    opened.disclosed.map(({ pointer }) => pointer),
    issued.disclosures
      .map(({ pointer }) => pointer)
      .sort((a, b) => opened.disclosed.findIndex((d) => d.pointer === a) - opened.disclosed.findIndex((d) => d.pointer === b)),
    'the pointers are those of the issuer when nothing is withheld',
  );
  t.ok(issued.disclosures.length <= 30, `${issued.disclosures.length} disclosures for the sample alert`);
});

t.test('any part may be withheld, and the rest still opens under the same name', async () => {
  const issued = await issue();
  await fc.assert(
    fc.asyncProperty(fc.subarray(issued.disclosures), async (kept) => {
      const pointers = new Set(kept.map(({ pointer }) => pointer));
      const isWhole = ({ pointer }: { pointer: string }) =>
        issued.disclosures.every((outer) => !pointer.startsWith(`${outer.pointer}/`) || pointers.has(outer.pointer));
      const shown = kept.filter(isWhole);
      const opened = await openStatement(issued.jwt, fcShuffle(shown.map(({ text }) => text)), findKey);
      const names = shown.flatMap(({ pointer }) => /^\/body\/([^/]+)$/.exec(pointer)?.[1] ?? []);
      return (
        opened.digest === issued.digest &&
        Object.keys(opened.body).sort().join() === names.sort().join() &&
        opened.disclosed.length === shown.length
      );
    }),
    { numRuns: 60 },
  );
});

/** Another order than the issuer's. */
const fcShuffle = (list: string[]): string[] => [...list].sort();

t.test('jose verifies the signature and @sd-jwt/core finds the same claims', async (t) => {
  const issued = await issue({
    ...alert.example,
    rel: [
      { type: 'supersedes', of: digest('a') },
      { type: 'same_case', of: digest('b') },
    ],
  });
  const key = await importJWK(keys.statement.jwk, 'ES256');
  t.equal((await compactVerify(issued.jwt, key)).protectedHeader.typ, 'statement+sd-jwt');
  const other = new SDJwtInstance({
    hasher: (data: string | ArrayBuffer) =>
      createHash('sha256')
        .update(typeof data === 'string' ? data : Buffer.from(data))
        .digest(),
    verifier: async (data: string, signature: string) => compactVerify(`${data}.${signature}`, key).then(() => true),
  });
  const released = new Set(permitFor().released.map(({ part }) => part.pointer));
  for (const shown of [issued.disclosures, issued.disclosures.filter(({ pointer }) => released.has(pointer)), []]) {
    const text = joinStatement(
      issued.jwt,
      shown.map((disclosure) => disclosure.text),
    );
    const { payload } = await other.verify(text);
    const { jwt, disclosures } = splitStatement(text);
    const ours = await openStatement(jwt, disclosures, findKey);
    const { rel, body, _sd_alg, ...claims } = ours.claims as typeof ours.claims & Record<string, unknown>;
    t.same({ ...claims, rel: ours.rel, body: ours.body }, payload);
  }
});

t.test('salts and decoys', async (t) => {
  const [first, second] = [await issue(), await issue()];
  const salts = [first, second].flatMap((issued) => texts(issued).map((text) => decoded(text)[0]));
  t.equal(new Set(salts).size, salts.length, 'no salt twice, in no statement');
  for (const salt of salts) t.equal(Buffer.from(salt, 'base64url').length, 16);
  const { body } = decoded(first.jwt.split('.')[1]!);
  t.same(Object.keys(body), ['_sd'], 'nothing of the body is open');
  t.same(body._sd, [...body._sd].sort());
  const small = await issue({ ...alert.example, body: { title: 'x' } });
  t.equal(decoded(small.jwt.split('.')[1]!).body._sd.length, body._sd.length, 'the number of digests does not tell how much there is');
  const goods = decoded(at(first, '/body/goods').text)[2];
  t.equal(goods.length, 4);
  t.ok(goods.every((entry: object) => Object.keys(entry).join() === '...'));
});

t.test('decoys stand anywhere, elements keep their order, and every slot is filled', async () => {
  const element = (name: string) => ({ part: { pointer: `/body/a/${name}`, dataClass: 'N0' as const }, value: { json: name } });
  fc.assert(
    fc.property(fc.nat(8), fc.nat(8), fc.nat(3), (hidden, decoys, open) => {
      const discloser = new Discloser(random);
      const elements = [
        ...Array.from({ length: hidden }, (_, i) => element(`h${i}`)),
        ...Array.from({ length: open }, (_, i) => ({ part: undefined, value: { json: `o${i}` } })),
      ];
      const array = discloser.array({ elements, slots: hidden + decoys });
      const known = new Map(discloser.disclosures.map((disclosure) => [disclosure.digest, decoded(disclosure.text)[1]]));
      const seen = array.flatMap((entry) => (typeof entry === 'string' ? entry : (known.get((entry as { '...': string })['...']) ?? [])));
      return array.length === hidden + decoys + open && seen.join() === elements.map(({ value }) => value.json).join();
    }),
  );
});

t.test('F06 the signature covers the text as it was written', async (t) => {
  const titles = ['ABC Trading', 'ABCTrading', 'Caf\u00e9', 'Cafe\u0301'];
  const issued = await issue({ ...alert.example, body: { title: 'ABC Trading' } });
  const [salt, name] = decoded(texts(issued)[0]!);
  for (const title of titles) {
    const same = encoded([salt, name, title]);
    if (title === 'ABC Trading') t.equal((await openStatement(issued.jwt, [same], findKey)).body.title, title);
    else await t.rejects(openStatement(issued.jwt, [same], findKey), { code: 'unreferenced_disclosure' }, title);
  }
  const input = (body: object) => ({ ...alert.example, body }) as StatementInput;
  await t.rejects(issue(input({ title: 1.5 })), { code: 'bad_number' });
  await t.rejects(issue(input({ title: '\ud800' })), { code: 'lone_surrogate' });
  for (const [code, text] of [
    ['bad_number', '["salt","n",1.0]'],
    ['bad_number', '["salt","n",1e0]'],
    ['duplicate_member', '["salt","n",{"a":1,"a":1}]'],
  ]) {
    const disclosure = encoded(text);
    const jwt = await forge(head, { ...claims, body: { _sd: [digest(disclosure)] } }, keys.statement);
    await t.rejects(openStatement(jwt, [disclosure], findKey), { code: code! }, text!);
  }
});

t.test('F29 a statement cannot be renamed', async (t) => {
  const issued = await issue();
  const dot = issued.jwt.lastIndexOf('.') + 1;
  const signature = Buffer.from(issued.jwt.slice(dot), 'base64url');
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const mirrored = Buffer.concat([signature.subarray(0, 32), bytes32(p256Order - s)]).toString('base64url');
  t.ok(await compactVerify(issued.jwt.slice(0, dot) + mirrored, await importJWK(keys.statement.jwk, 'ES256')), 'jose takes it');
  await t.rejects(openStatement(issued.jwt.slice(0, dot) + mirrored, [], findKey), { code: 'non_canonical' });
  const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(issued.jwt.at(-1)!);
  for (const bits of [1, 2, 15]) {
    const sibling = issued.jwt.slice(0, -1) + 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[last ^ bits];
    t.not(digest(sibling), issued.digest);
    await t.rejects(openStatement(sibling, [], findKey), { code: 'non_canonical' });
  }
  await t.rejects(openStatement(`${issued.jwt}=`, [], findKey), { code: 'malformed' });
});

const head = { alg: 'ES256', kid: keys.statement.signer.kid, typ: 'statement+sd-jwt' };
const { handling, legal_basis } = alert.example;
const claims = {
  iss: customs,
  iat: now,
  jti,
  kind: 'alert',
  ver: '1.0',
  exercise: false,
  lang: 'en',
  valid_from: now,
  valid_until: now + 9,
  handling,
  legal_basis,
  _sd_alg: 'sha-256',
};

t.test('RFC 9901 7.1: what has no one place is refused', async (t) => {
  const issued = await issue();
  const open = (disclosures: string[]) => openStatement(issued.jwt, disclosures, findKey);
  const title = at(issued, '/body/title');
  const refuse = (code: SealCode, what: string, disclosures: string[]) => t.rejects(open(disclosures), { code }, what);
  const [salt, name, value] = decoded(title.text);
  await refuse('unreferenced_disclosure', 'tampered', [encoded([salt, name, `${value}!`])]);
  await refuse('unreferenced_disclosure', 'renamed', [encoded([salt, 'narrative', value])]);
  await refuse('unreferenced_disclosure', 'other spacing', [encoded(`["${salt}", "${name}","${value}"]`)]);
  await refuse('unreferenced_disclosure', 'invented', [encoded(['salt', 'x', 1])]);
  await refuse('unreferenced_disclosure', 'padded', [`${title.text}=`]);
  await refuse('unreferenced_disclosure', 'empty', ['']);
  await refuse('unreferenced_disclosure', 'element without its list', [at(issued, '/body/goods/0').text]);
  await refuse('unreferenced_disclosure', 'group without its element', [
    at(issued, '/body/goods').text,
    at(issued, '/body/goods/0/C1').text,
  ]);
  await refuse('duplicate_disclosure', 'twice', [title.text, title.text]);
  await refuse('unreferenced_disclosure', 'of another statement', [at(await issue(), '/body/title').text]);
});

/** Signs a statement whose body is written by an issuer of ill will, and opens it with all its disclosures. */
async function openForged(body: object, disclosures: string[] = [], more: object = {}) {
  return openStatement(await forge(head, { ...claims, ...more, body }, keys.statement), disclosures, findKey);
}

t.test('RFC 9901 7.1: an issuer of ill will', async (t) => {
  const d = (...parts: unknown[]) => encoded(parts);
  const refuse = async (code: SealCode, what: string, body: object, disclosures: string[] = [], more: object = {}) =>
    t.rejects(openForged(body, disclosures, more), { code }, what);
  const hide = (...disclosures: string[]) => ({ _sd: disclosures.map(digest) });

  t.match((await openForged(hide(d('salt', 'a~/b', [1, null])), [d('salt', 'a~/b', [1, null])])).disclosed, [{ pointer: '/body/a~0~1b' }]);
  for (const name of ['_sd', '...', '_sd_alg', '__proto__']) {
    await refuse('reserved_name', `disclosed ${name}`, hide(d('salt', name, 'x')), [d('salt', name, 'x')]);
    if (name !== '_sd') await refuse('reserved_name', `${name} in the open`, JSON.parse(`{"x":{"${name}":"sha-256"}}`));
    if (name !== '_sd') {
      const inside = encoded(`["salt","a",{"${name}":1}]`);
      await refuse('reserved_name', `${name} in a disclosure`, hide(inside), [inside]);
    }
  }
  await refuse('name_taken', 'over an open member', { title: 'open', ...hide(d('s', 'title', 'x')) }, [d('s', 'title', 'x')]);
  await refuse('name_taken', 'two of one name', hide(d('1', 'a', 1), d('2', 'a', 1)), [d('1', 'a', 1), d('2', 'a', 1)]);
  for (const parts of [['salt', 1], ['salt', 'n', 1, 2], ['salt'], [1, 'n', 1], ['salt', 1, 1], { a: 1 }, 'text']) {
    await refuse('bad_disclosure', `member as ${JSON.stringify(parts)}`, hide(encoded(JSON.stringify(parts))), [
      encoded(JSON.stringify(parts)),
    ]);
  }
  for (const parts of [['salt', 'n', 1], ['salt'], [1, 1], 5]) {
    const text = encoded(JSON.stringify(parts));
    await refuse('bad_disclosure', `element as ${JSON.stringify(parts)}`, { a: [{ '...': digest(text) }] }, [text]);
  }
  await refuse('reserved_name', 'a place with more than a digest', { a: [{ '...': digest('x'), more: 1 }] });
  await refuse('reserved_name', 'a place that is no element', { a: { '...': digest('x') } });
  await refuse('malformed', '_sd is a text', { _sd: digest('x') });
  await refuse('malformed', '_sd of numbers', { _sd: [1] });
  await refuse('malformed', 'a digest that is none', { _sd: ['AAAA'] });
  await refuse('malformed', 'a digest with unused bits', { _sd: [`${'A'.repeat(42)}B`] });
  await refuse('malformed', 'a place of null', { a: [{ '...': null }] });
  await refuse('duplicate_digest', 'in one object', { _sd: [digest('x'), digest('x')] });
  await refuse('duplicate_digest', 'in object and array', { _sd: [digest('x')], a: [{ '...': digest('x') }] });
  const nested = d('s', 'a', { _sd: [digest('x')] });
  await refuse('duplicate_digest', 'inside a disclosure', { _sd: [digest(nested), digest('x')] }, [nested]);
  const badText = encoded('["s","a",1');
  await refuse('malformed', 'not JSON', hide(badText), [badText]);
  const unused = encoded('["s","a",1]');
  const sibling = `${unused.slice(0, -1)}${String.fromCharCode(unused.charCodeAt(unused.length - 1) + 1)}`;
  t.same(Buffer.from(sibling, 'base64url'), Buffer.from(unused, 'base64url'));
  await refuse('non_canonical', 'a disclosure with unused bits', hide(sibling), [sibling]);
  await refuse('malformed', 'not UTF-8', hide('_w'), ['_w']);
  await refuse('bad_claims', '_sd beside the claims', {}, [], { _sd: [digest('x')] });
  await refuse('bad_claims', 'another hash', {}, [], { _sd_alg: 'sha-512' });
  await refuse('bad_claims', 'no hash', {}, [], { _sd_alg: undefined });
  await refuse('bad_claims', 'the body a list', []);
  const nest = (wrap: (inner: string) => string): string[] => {
    const all = [d('s', 'x', 1)];
    for (let level = 0; level < 20; level++) all.push(wrap(all.at(-1)!));
    return all;
  };
  const objects = nest((inner) => d('s', 'x', { _sd: [digest(inner)] }));
  await refuse('too_deep', 'shallow disclosures that nest deeply', hide(objects.at(-1)!), objects);
  const arrays = nest((inner) => d('s', [{ '...': digest(inner) }]));
  await refuse('too_deep', 'arrays too', { a: [{ '...': digest(arrays.at(-1)!) }] }, arrays);
  await refuse(
    'too_large',
    'too many',
    {},
    Array.from({ length: 4097 }, (_, i) => String(i)),
  );
  await refuse('too_large', 'too much', {}, ['A'.repeat(1024 * 1024 + 1)]);
});

t.test('open claims are codes and times', async (t) => {
  t.ok(await openForged({}));
  const wrong: [string, object][] = [
    ['free text', { note: 'The exporter is known to us' }],
    ['iss', { iss: 'http://nl-cus.example' }],
    ['iss with a path up', { iss: 'https://nl-cus.example/?x' }],
    ['iat a text', { iat: '1' }],
    ['jti of version 4', { jti: 'urn:uuid:018f6d2e-7c10-4b1a-9c55-3f0d6a0b1c01' }],
    ['kind', { kind: 'the alert' }],
    ['lang', { lang: '' }],
    ['exercise', { exercise: 'false' }],
    ['no end', { valid_until: undefined }],
    ['an end before the start', { valid_until: now - 1 }],
    ['handling', { handling: [] }],
    ['legal basis', { legal_basis: {} }],
    ['rel', { rel: {} }],
    ['relation with more', { rel: [{ type: 'recalls', of: digest('x'), why: 'x' }] }],
    ['relation of null', { rel: [null] }],
    ['an open relation that tells who holds what', { rel: [{ type: 'replies_to', of: digest('x') }] }],
  ];
  for (const [what, more] of wrong) await t.rejects(openForged({}, [], more), { code: 'bad_claims' }, what);
  const hidden = encoded(['s', { type: 'recalls', of: digest('x') }]);
  await t.rejects(openForged({}, [hidden], { rel: [{ '...': digest(hidden) }] }), { code: 'bad_claims' }, 'a recall that is hidden');
});

t.test('key, signature, form', async (t) => {
  const issued = await issue();
  const { kid } = keys.statement.signer;
  const open = (find = findKey, jwt = issued.jwt) => openStatement(jwt, [], find);
  await t.rejects(
    open(() => undefined),
    { code: 'unknown_key' },
  );
  await t.rejects(open(findKeyWith(kid, { not_before: now + 1 })), { code: 'key_not_valid' });
  await t.rejects(open(findKeyWith(kid, { compromised_from: now + 1 })), { code: 'key_compromised' });
  t.ok(await openStatement(issued.jwt, [], findKeyWith(kid, { compromised_from: now + 1 }), { provenBefore: now }));
  await t.rejects(open(findKeyWith(kid, { jwk: keys.release.jwk })), { code: 'bad_signature' });
  await t.rejects(open(findKey, issued.jwt.replace(/\.[^.]{4}/, '.AAAA')), { code: 'malformed' });
  t.ok(await openStatement((await issue(alert.example, keys.ed25519.signer)).jwt, [], findKey));
  t.throws(() => splitStatement(issued.jwt), { code: 'malformed' });
  t.throws(() => splitStatement(`${issued.jwt}~a~b`), { code: 'trailing_text' });
  t.same(splitStatement(`${issued.jwt}~`), { jwt: issued.jwt, disclosures: [] });
});

t.test('the issuer refuses what nobody could open', async (t) => {
  const refuse = (code: SealCode, change: object, input: object = {}) =>
    t.rejects(
      issueStatement({
        input: { ...alert.example, ...input },
        kind: alert,
        iss: customs,
        iat: now,
        jti,
        signer: keys.statement.signer,
        random,
        ...change,
      }),
      { code },
      JSON.stringify({ ...change, ...input }),
    );
  await refuse('bad_claims', { jti: 'x' });
  await refuse('bad_claims', { iss: 'nl-cus' });
  await refuse('bad_claims', {}, { valid_until: 'tomorrow' });
  await refuse('bad_claims', {}, { valid_until: alert.example.valid_from });
  await refuse('reserved_name', {}, { body: { title: { '...': 'x' } } });
  await refuse('too_large', {}, { body: { title: 'x'.repeat(1_100_000) } });
  const stuck = () => new Uint8Array(2048);
  await refuse('duplicate_digest', { random: stuck }, { body: { goods: [{ id: 'G1' }, { id: 'G1' }] } });
  const hidden = (name: string, slots: number): SdObject => ({
    open: {},
    slots,
    hidden: [{ name, part: { pointer: `/body/${name}`, dataClass: 'N0' }, value: { object: { open: { a: [1] }, hidden: [], slots: 0 } } }],
  });
  t.throws(() => new Discloser(random).object(hidden('_sd', 1)), { code: 'reserved_name' });
  t.throws(() => new Discloser(random).object(hidden('a', 0)), { code: 'malformed' });
  t.throws(
    () => new Discloser(random).array({ slots: 0, elements: [{ part: { pointer: '/rel/0', dataClass: 'N0' }, value: { json: 1 } }] }),
    { code: 'malformed' },
  );
});

t.test('selection is exactly what the permit releases', async (t) => {
  const issued = await issue();
  const permit = permitFor();
  t.same(
    select(issued, permit)
      .map(({ pointer }) => pointer)
      .sort(),
    permit.released.map(({ part }) => part.pointer).sort(),
  );
  t.throws(() => select({ disclosures: issued.disclosures.slice(1) }, permit), { code: 'permit_mismatch' });
  const reclassed = issued.disclosures.map((disclosure) => ({ ...disclosure, dataClass: 'P1' as const }));
  t.throws(() => select({ disclosures: reclassed }, permit), { code: 'permit_mismatch' });
});
