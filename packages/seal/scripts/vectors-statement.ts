import type { SdObject } from '@entente/statement';
import { digestOf, type Json, type KeyRecord, openStatement, type SealCode } from '../src/index.js';
import { verificationKey } from '../src/node.js';
import { Discloser } from '../src/statement/disclose.js';
import { bytes32, type FixedKey, fixedRandom, forge, p256Order } from './fixed-keys.js';
import { base64url, issuedAt, known, originator, type Vector, vectorKeys } from './vector.js';

const { statement, statementEd, release } = vectorKeys;

const n0 = (pointer: string) => ({ pointer, dataClass: 'N0' as const });
const body: SdObject = {
  open: {},
  slots: 4,
  hidden: [
    { part: n0('/body/title'), name: 'title', value: { json: 'Carbon fibre, end-user unclear' } },
    {
      part: n0('/body/goods'),
      name: 'goods',
      value: {
        array: {
          slots: 4,
          elements: [
            {
              part: n0('/body/goods/0'),
              value: {
                object: {
                  open: { id: 'G1', hs_code: '681511' },
                  slots: 2,
                  hidden: [
                    {
                      part: { pointer: '/body/goods/0/C1', dataClass: 'C1' },
                      name: 'C1',
                      value: { json: { value: '76500.00', currency: 'EUR' } },
                    },
                  ],
                },
              },
            },
          ],
        },
      },
    },
  ],
};

export const head = { alg: 'ES256', kid: statement.signer.kid, typ: 'statement+sd-jwt' };
const headEd = { ...head, alg: 'Ed25519', kid: statementEd.signer.kid };

/** The statement that every vector starts from. */
export function sample() {
  const discloser = new Discloser(fixedRandom('vector statement'));
  const target = digestOf('an earlier statement');
  const relation = { part: n0('/rel/0'), value: { json: { type: 'replies_to', of: target } } };
  const open = { part: undefined, value: { json: { type: 'supersedes', of: digestOf('the statement before') } } };
  const claims = {
    iss: originator,
    iat: issuedAt,
    jti: 'urn:uuid:019cadd7-7e50-7b1a-9c55-3f0d6a0b1c01',
    kind: 'alert',
    ver: '1.0',
    exercise: true,
    lang: 'en',
    valid_from: issuedAt,
    valid_until: issuedAt + 2_592_000,
    handling: { tlp: 'AMBER+STRICT' },
    legal_basis: [{ instrument: 'EU-2021-821', purpose: 'CUSTOMS_CONTROL', jurisdiction: 'NL' }],
    rel: discloser.array({ elements: [open, relation], slots: 4 }),
    body: discloser.object(body),
    _sd_alg: 'sha-256',
  };
  return { claims, disclosures: discloser.disclosures };
}

type Claims = ReturnType<typeof sample>['claims'];

interface Case {
  name: string;
  what: string;
  error: SealCode;
  /** changes of the good statement */
  header?: object | string;
  payload?: object | string;
  key?: FixedKey;
  jwt?: (good: string) => string;
  disclosures?: string[];
  keys?: KeyRecord[];
  more?: { [member: string]: Json };
}

export async function statementVectors(): Promise<Vector[]> {
  const { claims, disclosures } = sample();
  const texts = disclosures.map(({ text }) => text);
  const good = await forge(head, claims, statement);
  const cases = [...disclosureCases(claims, texts), ...headerCases(claims), ...signatureCases(), ...claimCases(claims), ...keyCases()];
  const common = { section: '1, 4', operation: 'open_statement', keys: known.slice(0, 3) } as const;
  const negative = cases.map(async (c): Promise<Vector> => {
    const { name, what, error, header = head, payload = claims, key = statement, jwt = (same) => same, keys = common.keys, more = {} } = c;
    const input = { jwt: jwt(await forge(header, payload, key)), disclosures: c.disclosures ?? texts, ...more };
    return { name: `statement-${name}`, what, ...common, keys, input, expected: { error } };
  });
  const opened = async (
    name: string,
    what: string,
    jwt: string,
    shown: string[],
    keys = common.keys,
    more: { [member: string]: Json } = {},
  ): Promise<Vector> => {
    const ready = keys.map(verificationKey);
    const provenBefore = more.proven_before as number | undefined;
    const result = await openStatement(
      jwt,
      shown,
      (_, kid, use) => ready.find((key) => key.kid === kid && key.use === use),
      provenBefore === undefined ? {} : { provenBefore },
    );
    const ok = { digest: result.digest, rel: result.rel as unknown as Json, body: result.body };
    return { name: `statement-ok-${name}`, what, ...common, keys, input: { jwt, disclosures: shown, ...more }, expected: { ok } };
  };
  const compromised = withHistory({ compromised_from: issuedAt + 100 });
  return Promise.all([
    ...negative,
    opened('whole', 'everything disclosed', good, texts),
    opened('redacted', 'the commercial part withheld', good, texts.slice(0, -1)),
    opened('reordered', 'disclosures in another order', good, [...texts].reverse()),
    opened('nothing', 'nothing disclosed', good, []),
    opened('ed25519', 'signed with Ed25519', await forge(headEd, claims, statementEd), texts),
    opened('key-ended-later', 'the key ended after the statement was issued', good, [], withHistory({ revoked_at: issuedAt + 1 })),
    opened('compromised-but-proven', 'it provably existed before the key was compromised', good, [], compromised, {
      proven_before: issuedAt + 99,
    }),
    {
      name: 'statement-split-trailing',
      what: 'text after the last tilde',
      ...common,
      operation: 'split_statement' as const,
      input: { text: `${good}~${texts[0]}~x` },
      expected: { error: 'trailing_text' as const },
    },
    {
      name: 'statement-split-no-tilde',
      what: 'no tilde at the end',
      ...common,
      operation: 'split_statement' as const,
      input: { text: good },
      expected: { error: 'malformed' as const },
    },
  ]);
}

const withHistory = (change: Partial<KeyRecord>): KeyRecord[] => [{ ...known[0]!, ...change }];

/** What an outsider does to disclosures, and what an issuer of ill will signs. */
function disclosureCases(claims: Claims, texts: string[]): Case[] {
  const title = texts.findIndex((text) => decode(text)[1] === 'title');
  const [salt, name, value] = decode(texts[title]!);
  const instead = (text: string) => texts.map((old, at) => (at === title ? text : old));
  const signed = (caseName: string, what: string, error: SealCode, changed: object, shown: string[] = []): Case => ({
    name: caseName,
    what,
    error,
    payload: { ...claims, rel: [], body: changed },
    disclosures: shown,
  });
  const hidden = (caseName: string, what: string, error: SealCode, ...parts: unknown[]) => {
    const shown = parts.map((part) => (typeof part === 'string' ? part : base64url(part)));
    return signed(caseName, what, error, { title: 'open', _sd: shown.map(digestOf) }, shown);
  };
  const inArray = (caseName: string, what: string, error: SealCode, part: unknown) =>
    signed(caseName, what, error, { goods: [{ '...': digestOf(base64url(part)) }] }, [base64url(part)]);
  const spare = digestOf('nothing');
  const deep = nested(20);
  return [
    {
      name: 'disclosure-tampered',
      what: 'another value',
      error: 'unreferenced_disclosure',
      disclosures: instead(base64url([salt, name, `${value}!`])),
    },
    {
      name: 'disclosure-renamed',
      what: 'another name',
      error: 'unreferenced_disclosure',
      disclosures: instead(base64url([salt, 'narrative', value])),
    },
    {
      name: 'disclosure-resalted',
      what: 'another salt',
      error: 'unreferenced_disclosure',
      disclosures: instead(base64url(['AAAAAAAAAAAAAAAAAAAAAA', name, value])),
    },
    {
      name: 'disclosure-respaced',
      what: 'a space more',
      error: 'unreferenced_disclosure',
      disclosures: instead(base64url(JSON.stringify([salt, name, value]).replace(',', ', '))),
    },
    { name: 'disclosure-padded', what: 'padding', error: 'unreferenced_disclosure', disclosures: instead(`${texts[title]}=`) },
    {
      name: 'disclosure-invented',
      what: 'one more',
      error: 'unreferenced_disclosure',
      disclosures: [...texts, base64url(['salt', 'note', 'x'])],
    },
    { name: 'disclosure-twice', what: 'one twice', error: 'duplicate_disclosure', disclosures: [...texts, texts[title]!] },
    {
      name: 'disclosure-without-container',
      what: 'an element without its list',
      error: 'unreferenced_disclosure',
      disclosures: texts.filter((text) => decode(text)[1] !== 'goods'),
    },
    ...['_sd', '...', '_sd_alg', '__proto__'].map((reserved) =>
      hidden(`disclosed-name-${reserved === '...' ? 'dots' : reserved}`, `a disclosed member named ${reserved}`, 'reserved_name', [
        's',
        reserved,
        1,
      ]),
    ),
    hidden('name-taken', 'a disclosure over an open member', 'name_taken', ['s', 'title', 'x']),
    hidden('name-twice', 'two disclosures of one name', 'name_taken', ['1', 'a', 1], ['2', 'a', 1]),
    hidden('member-of-two', 'a member disclosed as an element', 'bad_disclosure', ['s', 1]),
    hidden('member-of-four', 'a disclosure of four', 'bad_disclosure', ['s', 'a', 1, 1]),
    hidden('salt-no-text', 'a salt that is no text', 'bad_disclosure', [1, 'a', 1]),
    hidden('name-no-text', 'a name that is no text', 'bad_disclosure', ['s', 1, 1]),
    hidden('disclosure-object', 'a disclosure that is an object', 'bad_disclosure', { a: 1 }),
    hidden('disclosure-not-json', 'a disclosure that is not JSON', 'malformed', base64url('["s","a"')),
    hidden('disclosure-not-utf8', 'a disclosure that is not UTF-8', 'malformed', '_w'),
    hidden(
      'disclosure-unused-bits',
      'a disclosure with unused bits set, signed so',
      'non_canonical',
      `${base64url('["s","a",1]').slice(0, -1)}1`,
    ),
    hidden('disclosure-duplicate-member', 'a member twice in a disclosure', 'duplicate_member', base64url('["s","a",{"b":1,"b":1}]')),
    hidden('disclosure-number', 'a fraction in a disclosure', 'bad_number', base64url('["s","a",1.0]')),
    inArray('element-of-three', 'an element disclosed as a member', 'bad_disclosure', ['s', 'a', 1]),
    signed('place-with-more', 'a place of a digest with another member', 'reserved_name', { goods: [{ '...': spare, id: 'G1' }] }),
    signed('place-no-element', 'a place of a digest that is no element', 'reserved_name', { goods: { '...': spare } }),
    signed('digests-no-list', '_sd is a text', 'malformed', { _sd: spare }),
    signed('digest-no-text', 'a digest that is a number', 'malformed', { _sd: [1] }),
    signed('digest-unused-bits', 'a digest with unused bits', 'malformed', { _sd: [`${spare.slice(0, -1)}B`] }),
    signed('digest-twice', 'a digest twice', 'duplicate_digest', { _sd: [spare, spare] }),
    signed('digest-twice-apart', 'a digest in an object and in a list', 'duplicate_digest', { _sd: [spare], goods: [{ '...': spare }] }),
    signed('hash-name-inside', '_sd_alg inside', 'reserved_name', { _sd_alg: 'sha-256' }),
    signed('too-deep', 'shallow disclosures that nest too deeply', 'too_deep', { _sd: [digestOf(deep.at(-1)!)] }, deep),
  ];
}

const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString());

function nested(levels: number): string[] {
  const all = [base64url(['s', 'x', 1])];
  while (all.length <= levels) all.push(base64url(['s', 'x', { _sd: [digestOf(all.at(-1)!)] }]));
  return all;
}

function headerCases(claims: Claims): Case[] {
  const extra: Record<string, Json> = {
    jwk: statement.jwk as unknown as Json,
    jku: 'https://nl-cus.example/keys',
    x5c: ['AAAA'],
    x5u: 'https://nl-cus.example/cert',
    b64: true,
    crit: ['exp'],
    cty: 'json',
  };
  return [
    ...Object.entries(extra).map(
      ([name, value]): Case => ({
        name: `header-${name}`,
        what: `a header ${name}`,
        error: 'bad_header',
        header: { ...head, [name]: value },
      }),
    ),
    ...['none', 'EdDSA', 'HS256', 'ES384'].map(
      (alg): Case => ({ name: `alg-${alg.toLowerCase()}`, what: `alg ${alg}`, error: 'bad_alg', header: { ...head, alg } }),
    ),
    {
      name: 'alg-of-another-key',
      what: 'a known algorithm that is not the one of the key',
      error: 'bad_alg',
      header: { ...head, alg: 'Ed25519' },
    },
    { name: 'typ-wrong', what: 'signed as something else', error: 'wrong_typ', header: { ...head, typ: 'secevent+jwt' } },
    { name: 'kid-missing', what: 'no kid', error: 'bad_header', header: { alg: 'ES256', typ: head.typ } },
    {
      name: 'header-duplicate-member',
      what: 'alg twice',
      error: 'duplicate_member',
      header: JSON.stringify(head).replace('{', '{"alg":"none",'),
    },
    {
      name: 'payload-duplicate-member',
      what: 'iss twice',
      error: 'duplicate_member',
      payload: JSON.stringify(claims).replace('{', '{"iss":"https://qm-cus.example",'),
    },
    {
      name: 'payload-number',
      what: 'iat with a fraction',
      error: 'bad_number',
      payload: JSON.stringify(claims).replace(`"iat":${issuedAt}`, `"iat":${issuedAt}.0`),
    },
    { name: 'payload-no-object', what: 'a payload that is a list', error: 'malformed', payload: '[]' },
  ];
}

function signatureCases(): Case[] {
  const resigned = (change: (signature: Buffer) => Uint8Array | string) => (jwt: string) => {
    const dot = jwt.lastIndexOf('.') + 1;
    const changed = change(Buffer.from(jwt.slice(dot), 'base64url'));
    return jwt.slice(0, dot) + (typeof changed === 'string' ? changed : Buffer.from(changed).toString('base64url'));
  };
  const big = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const ed = { header: headEd, key: statementEd };
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mirrored = (signature: Buffer) => Buffer.concat([signature.subarray(0, 32), bytes32(p256Order - big(signature.subarray(32)))]);
  const lifted = (signature: Buffer) => {
    const s = big(Buffer.from(signature.subarray(32)).reverse());
    return Buffer.concat([signature.subarray(0, 32), bytes32(s + order).reverse()]);
  };
  const unusedBits = (signature: Buffer) => {
    const text = signature.toString('base64url');
    return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
  };
  return [
    { name: 'signature-high-s', what: '(r, n - s), which verifies in most libraries', error: 'non_canonical', jwt: resigned(mirrored) },
    { name: 'signature-unused-bits', what: 'unused bits of the last character set', error: 'non_canonical', jwt: resigned(unusedBits) },
    { name: 'signature-padded', what: 'padding', error: 'malformed', jwt: (jwt) => `${jwt}==` },
    { name: 'signature-zero', what: 'r = s = 0', error: 'non_canonical', jwt: resigned(() => Buffer.alloc(64)) },
    {
      name: 'signature-r-too-large',
      what: 'r = n',
      error: 'non_canonical',
      jwt: resigned((s) => Buffer.concat([bytes32(p256Order), s.subarray(32)])),
    },
    { name: 'signature-empty', what: 'no signature', error: 'bad_signature', jwt: resigned(() => '') },
    { name: 'signature-short', what: 'a byte too few', error: 'bad_signature', jwt: resigned((s) => s.subarray(0, 63)) },
    { name: 'signature-flipped', what: 'one bit changed', error: 'bad_signature', jwt: resigned((s) => s.fill(s[0]! ^ 1, 0, 1)) },
    { name: 'signature-of-another-key', what: 'signed with the release key', error: 'bad_signature', key: release },
    { name: 'ed25519-lifted', what: 'S + L', error: 'non_canonical', ...ed, jwt: resigned(lifted) },
    { name: 'ed25519-flipped', what: 'one bit changed', error: 'bad_signature', ...ed, jwt: resigned((s) => s.fill(s[0]! ^ 1, 0, 1)) },
    { name: 'two-parts', what: 'no third part', error: 'malformed', jwt: (jwt) => jwt.slice(0, jwt.lastIndexOf('.')) },
    { name: 'four-parts', what: 'a fourth part', error: 'malformed', jwt: (jwt) => `${jwt}.AAAA` },
  ];
}

function claimCases(claims: Claims): Case[] {
  const recall = base64url(['s', { type: 'recalls', of: digestOf('x') }]);
  const changed = (name: string, what: string, change: object, disclosures?: string[]): Case => ({
    name: `claims-${name}`,
    what,
    error: 'bad_claims',
    payload: { ...claims, ...change },
    ...(disclosures === undefined ? {} : { disclosures }),
  });
  return [
    changed('unknown', 'a claim that is not known: free text is never open', { note: 'x' }),
    changed('digests', 'digests beside the open claims', { _sd: [digestOf('x')] }),
    changed('hash', 'another hash', { _sd_alg: 'sha-512' }),
    changed('no-hash', 'no _sd_alg', { _sd_alg: undefined }),
    changed('no-end', 'no valid_until', { valid_until: undefined }),
    changed('end-before-start', 'valid_until before valid_from', { valid_until: issuedAt - 1 }),
    changed('iss-http', 'iss without TLS', { iss: 'http://nl-cus.example' }),
    changed('jti-version-4', 'jti that is not of version 7', { jti: 'urn:uuid:019cadd7-7e50-4b1a-9c55-3f0d6a0b1c01' }),
    changed('iat-text', 'iat as text', { iat: String(issuedAt) }),
    changed('exercise-missing', 'no exercise', { exercise: undefined }),
    changed('open-reply', 'a relation in the open that tells who holds what', { rel: [{ type: 'replies_to', of: digestOf('x') }] }, []),
    changed('hidden-recall', 'a recall that can be withheld', { rel: [{ '...': digestOf(recall) }] }, [recall]),
  ];
}

function keyCases(): Case[] {
  const history = (
    name: string,
    what: string,
    error: SealCode,
    change: Partial<KeyRecord>,
    more: { [member: string]: Json } = {},
  ): Case => ({
    name: `key-${name}`,
    what,
    error,
    keys: withHistory(change),
    more,
  });
  const compromised = { compromised_from: issuedAt + 100 };
  return [
    { name: 'key-unknown', what: 'no such key', error: 'unknown_key', keys: [] },
    history('of-another-node', "the key is another node's", 'unknown_key', { iss: 'https://qm-cus.example' }),
    history('for-another-use', 'the key is for releases', 'unknown_key', { use: 'release' }),
    history('not-yet', 'issued before the key was valid', 'key_not_valid', { not_before: issuedAt + 1 }),
    history('over', 'issued after the key was valid', 'key_not_valid', { not_after: issuedAt - 1 }),
    history('revoked', 'issued in the second of the revocation', 'key_not_valid', { revoked_at: issuedAt }),
    history('compromised', 'nothing proves that it existed before', 'key_compromised', compromised),
    history('compromised-late-proof', 'proven to have existed too late', 'key_compromised', compromised, { proven_before: issuedAt + 100 }),
  ];
}
