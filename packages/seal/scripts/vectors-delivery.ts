import { chainOver, chainStart, digestOf, type Json, type SealCode, signAgreement, signEntityConfiguration } from '../src/index.js';
import { type FixedKey, forge } from './fixed-keys.js';
import { base64url, issuedAt, known, type Operation, originator, recipient, type Vector, vectorKeys } from './vector.js';
import { sample, head as statementHead } from './vectors-statement.js';

type Members = { [member: string]: Json };

const releaseHead = (typ: string) => ({ alg: 'ES256', kid: vectorKeys.release.signer.kid, typ });
const releaseEvent = 'urn:uuid:26031e46-765e-4d51-a09e-ff24ed758a86';
const digests = ['1', '2', '3'].map(digestOf).sort() as [string, string, string];

/** A note from the originator to the recipient: a good one, and each change of it with its code. */
async function notes(
  operation: Operation,
  section: string,
  name: string,
  typ: string,
  good: object,
  ok: Members,
  changes: [name: string, what: string, code: SealCode, change: object][],
  more: Members = {},
): Promise<Vector[]> {
  const common = { section, operation, keys: known.slice(0, 3) };
  const input = (jwt: string): Members => ({ jwt, iss: originator, aud: recipient, ...more });
  const jwt = await forge(releaseHead(typ), good, vectorKeys.release);
  const vector = (part: string, what: string, from: Members, expected: Vector['expected']): Vector => ({
    name: `${name}-${part}`,
    what,
    ...common,
    input: from,
    expected,
  });
  const refuse = async (part: string, what: string, error: SealCode, head: object, payload: object, key: FixedKey = vectorKeys.release) =>
    vector(part, what, input(await forge(head, payload, key)), { error });
  return Promise.all([
    vector('ok', `a ${name}`, input(jwt), { ok: { ...ok, ...('digest' in ok ? {} : { digest: digestOf(jwt) }) } }),
    vector('wrong-audience', 'addressed to another node', { ...input(jwt), aud: 'https://qm-cus.example' }, { error: 'wrong_audience' }),
    vector(
      'wrong-issuer',
      'from another node than the connection',
      { ...input(jwt), iss: 'https://qm-cus.example' },
      { error: 'wrong_issuer' },
    ),
    refuse('wrong-typ', 'signed as something else', 'wrong_typ', releaseHead('JWT'), good),
    refuse('statement-key', 'signed with a key for statements', 'unknown_key', { ...statementHead, typ }, good, vectorKeys.statement),
    refuse('unknown-claim', 'a claim that is not known', 'bad_claims', releaseHead(typ), { ...good, exp: issuedAt }),
    ...changes.map(([part, what, code, change]) => refuse(part, what, code, releaseHead(typ), { ...good, ...change })),
  ]);
}

async function releases(): Promise<Vector[]> {
  const { claims, disclosures } = sample();
  const statement = await forge(statementHead, claims, vectorKeys.statement);
  const statementDigest = digestOf(statement);
  const event = {
    statement,
    disclosed: disclosures.map(({ digest }) => digest).sort(),
    agreement: { id: 'NL-DE-2026', version: 1, digest: digestOf('agreement') },
    purposes: ['CUSTOMS_CONTROL'],
    retain_until: issuedAt + 2_592_000,
    onward: 'originator_consent',
    transfer_basis: 'SAFEGUARDS_INSTRUMENT',
    reply_by: issuedAt + 259_200,
  };
  const good = {
    iss: originator,
    aud: recipient,
    iat: issuedAt,
    jti: 'c2V2ZW50ZWVuIGJ5dGVzIQ',
    sub_id: { format: 'uri', uri: `ni:///sha-256;${statementDigest}` },
    events: { [releaseEvent]: event },
  };
  const changed = (change: object) => ({ events: { [releaseEvent]: { ...event, ...change } } });
  const typ = 'secevent+jwt';
  const relayed = { ...good, ...changed({ consent: `${statement}~`, issuer: statement }) };
  const ok = { statement_digest: statementDigest, disclosed: event.disclosed };
  const [relay] = await notes('open_release', '5, 7', 'relay', typ, relayed, { ...ok, consent: `${statement}~`, issuer: statement }, []);
  const plain = await notes('open_release', '5, 7', 'release', typ, good, ok, [
    ['consent-object', 'a consent that is no text', 'bad_claims', changed({ consent: { decision: 'GRANTED' } })],
    ['issuer-list', 'configurations of several issuers', 'bad_claims', changed({ issuer: [statement, statement] })],
    ['sub', 'a claim sub', 'bad_claims', { sub: originator }],
    ['txn', 'a claim txn', 'bad_claims', { txn: '1' }],
    ['two-events', 'a second event', 'bad_claims', { events: { [releaseEvent]: event, 'urn:uuid:0': {} } }],
    ['other-event', 'another event', 'bad_claims', { events: { 'urn:uuid:0': event } }],
    ['audience-list', 'aud as a list', 'bad_claims', { aud: [recipient] }],
    ['jti-short', 'jti of fewer than 128 bits', 'bad_claims', { jti: 'AAAA' }],
    ['jti-unused-bits', 'jti with unused bits', 'bad_claims', { jti: `${'A'.repeat(21)}B` }],
    [
      'named-otherwise',
      'sub_id names another statement',
      'wrong_statement',
      { sub_id: { format: 'uri', uri: `ni:///sha-256;${digestOf('x')}` } },
    ],
    ['disclosed-unsorted', 'digests that are not sorted', 'bad_claims', changed({ disclosed: [...event.disclosed].reverse() })],
    ['disclosed-twice', 'a digest twice', 'duplicate_digest', changed({ disclosed: [event.disclosed[0], event.disclosed[0]] })],
    ['onward-unknown', 'an onward rule that is none', 'bad_claims', changed({ onward: 'anybody' })],
    ['no-agreement', 'no agreement', 'bad_claims', changed({ agreement: undefined })],
    ['no-retention', 'no retain_until', 'bad_claims', changed({ retain_until: undefined })],
    ['disclosures-inside', 'disclosures inside the signature', 'bad_claims', changed({ disclosures: disclosures.map(({ text }) => text) })],
  ]);
  return [...plain, relay!];
}

async function pages(): Promise<Vector[]> {
  const chain = Buffer.from(chainOver(chainStart, digests)).toString('base64url');
  const entries = digests.map((digest) => [digest, 'alert', 5000]);
  const resumes = { epoch: 1, last: 7, chain: digestOf('before'), reason: 'The database came back from a backup' };
  const good = { iss: originator, aud: recipient, iat: issuedAt, epoch: 1, first: 1, entries, chain };
  const typ = 'feed-page+jwt';
  const opened = await notes('open_page', '6', 'page', typ, good, { entries, chain }, [
    ['empty', 'no entries', 'bad_claims', { entries: [] }],
    ['position-zero', 'positions start at 1', 'bad_claims', { first: 0 }],
    ['entry-of-two', 'an entry without its size', 'bad_claims', { entries: [[digests[0], 'alert']] }],
    ['chain-short', 'a chain that is no digest', 'bad_claims', { chain: 'AAAA' }],
    ['epoch-unexplained', 'a second epoch that does not say what it resumes', 'bad_claims', { epoch: 2 }],
    ['resumes-nothing', 'a first epoch that resumes another one', 'bad_claims', { resumes }],
    ['resumes-itself', 'an epoch that resumes itself', 'bad_claims', { epoch: 2, resumes: { ...resumes, epoch: 2 } }],
    ['resumes-without-reason', 'an epoch without a reason', 'bad_claims', { epoch: 2, resumes: { ...resumes, reason: '' } }],
  ]);
  const state = { epoch: 1, last: 0, chain: Buffer.from(chainStart).toString('base64url') };
  const followed = await notes(
    'follow_page',
    '6',
    'feed',
    typ,
    good,
    { epoch: 1, last: 3, chain, digest: '' },
    [
      ['gap', 'a page that starts later', 'page_gap', { first: 2 }],
      ['other-epoch', 'a page of another epoch', 'page_gap', { epoch: 2, resumes }],
      ['chain-mismatch', 'a chain that does not fit the entries', 'chain_mismatch', { chain: digestOf('x') }],
      ['entry-withheld', 'an entry left out', 'chain_mismatch', { entries: entries.slice(1) }],
      ['entries-swapped', 'entries in another order', 'chain_mismatch', { entries: [...entries].reverse() }],
    ],
    { state },
  );
  return [...opened, ...followed.filter(({ expected }) => 'ok' in expected || ['page_gap', 'chain_mismatch'].includes(expected.error))];
}

async function receiptsAndVoids(): Promise<Vector[]> {
  const items = [
    { release: digests[0], verdict: 'held' },
    { release: digests[1], verdict: 'refused', code: 'no_agreement' },
    { release: digests[2], verdict: 'quarantined', code: 'unknown_kind' },
  ];
  const receipt = { iss: originator, aud: recipient, iat: issuedAt, items };
  const note = { iss: originator, aud: recipient, iat: issuedAt, epoch: 1, position: 2, digest: digests[1], code: 'recalled' };
  const item = (...changed: object[]) => ({ items: changed });
  return [
    ...(await notes('open_receipt', '6', 'receipt', 'receipt+jwt', receipt, { items: items as Json }, [
      ['empty', 'no items', 'bad_claims', item()],
      ['held-with-code', 'held needs no reason', 'bad_claims', item({ ...items[0], code: 'x' })],
      ['refused-without-code', 'refused needs a reason', 'bad_claims', item({ release: digests[0], verdict: 'refused' })],
      ['verdict-unknown', 'a verdict that is none', 'bad_claims', item({ release: digests[0], verdict: 'read' })],
      ['quarantined-again', 'a quarantine replaces nothing', 'bad_claims', item({ ...items[2], replaces: digests[0] })],
      ['release-twice', 'two verdicts on one release', 'duplicate_digest', item(items[0]!, { ...items[1], release: digests[0] })],
      ['with-position', 'an item with a position', 'bad_claims', item({ ...items[0], position: 1 })],
    ])),
    ...(await notes('open_void', '5', 'void', 'feed-void+jwt', note, { position: 2, digest: digests[1], code: 'recalled' }, [
      ['code-unknown', 'a code that is none', 'bad_claims', { code: 'lost' }],
      ['no-position', 'no position', 'bad_claims', { position: undefined }],
    ])),
  ];
}

const agreement = {
  id: 'NL-DE-2026',
  version: 1,
  title: 'Exchange on exports of dual-use goods',
  instrument: 'CMAA-NL-DE',
  parties: [originator, recipient],
  effective: issuedAt - 1000,
  expires: issuedAt + 31_536_000,
  grace_hours: 24,
  grants: [
    {
      from: [originator],
      to: [recipient],
      kinds: ['alert'],
      classes: ['N0', 'N1'],
      purposes: ['CUSTOMS_CONTROL'],
      handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'NONE' },
      retention_days: 365,
      onward: 'originator_consent',
      release: 'automatic',
    },
  ],
};

async function agreements(): Promise<Vector[]> {
  const ours = { party: originator, signer: vectorKeys.federation.signer };
  const one = await signAgreement(agreement, ours);
  const both = await signAgreement(one, { party: recipient, signer: vectorKeys.recipientFederation.signer });
  const { payload, signatures } = JSON.parse(both);
  const [first, second] = signatures;
  const digest = digestOf(payload);
  const common = { section: '8', operation: 'open_agreement', keys: known.filter(({ use }) => use === 'federation') } as const;
  const ok = (name: string, what: string, jws: string, signedBy: string[], unknown: string[] = [], keys = common.keys): Vector => ({
    name: `agreement-ok-${name}`,
    what,
    ...common,
    keys,
    input: { jws, at: issuedAt },
    expected: { ok: { digest, signed_by: signedBy, unknown } },
  });
  const refuse = (name: string, what: string, error: SealCode, jws: object | string): Vector => ({
    name: `agreement-${name}`,
    what,
    ...common,
    input: { jws: typeof jws === 'string' ? jws : JSON.stringify(jws), at: issuedAt },
    expected: { error },
  });
  const head = (change: object) => base64url({ alg: 'Ed25519', kid: ours.signer.kid, typ: 'agreement+jws', party: originator, ...change });
  const withHead = (change: object) => ({ payload, signatures: [{ ...first, protected: head(change) }] });
  const withPayload = (change: object) => ({ payload: base64url({ ...agreement, ...change }), signatures });
  return [
    ok('one', 'signed by one party', one, [originator]),
    ok('both', 'signed by both parties', both, [originator, recipient]),
    ok('unknown-key', 'a signature whose key is not known does not count', both, [originator], [recipient], common.keys.slice(0, 1)),
    refuse('unprotected-header', 'an unprotected header', 'bad_claims', { payload, signatures: [{ ...first, header: { a: 1 } }] }),
    refuse('party-twice', 'a party twice', 'duplicate_party', { payload, signatures: [first, second, first] }),
    refuse('stranger', 'signed by somebody who is no party', 'unknown_party', withHead({ party: 'https://qm-cus.example' })),
    refuse('typ-wrong', 'signed as something else', 'wrong_typ', withHead({ typ: 'JOSE' })),
    refuse('header-crit', 'a header crit', 'bad_header', withHead({ crit: ['a'] })),
    refuse('signature-of-another', 'the signature of the other party', 'bad_signature', {
      payload,
      signatures: [{ ...first, signature: second.signature }],
    }),
    refuse('changed', 'another title', 'bad_signature', withPayload({ title: 'x' })),
    refuse('unknown-member', 'a member that could be a condition', 'bad_agreement', withPayload({ only_on: 'mondays' })),
    refuse('one-party', 'a single party', 'bad_agreement', withPayload({ parties: [originator], grants: [] })),
    refuse(
      'grant-to-stranger',
      'a grant to somebody who is no party',
      'bad_agreement',
      withPayload({ grants: [{ ...agreement.grants[0], to: ['https://qm-cus.example'] }] }),
    ),
    refuse(
      'class-unknown',
      'a data class that is none',
      'bad_agreement',
      withPayload({ grants: [{ ...agreement.grants[0], classes: ['ALL'] }] }),
    ),
    refuse('too-many-signatures', 'nine signatures', 'too_large', { payload, signatures: Array(9).fill(first) }),
  ];
}

async function entities(): Promise<Vector[]> {
  const { federation } = vectorKeys;
  const der = base64url('a certificate is bytes with a fingerprint');
  const jwt = await signEntityConfiguration(
    {
      id: originator,
      iat: issuedAt,
      exp: issuedAt + 31_536_000,
      organizationName: 'Customs (demo node)',
      country: 'NL',
      agencyType: 'CUSTOMS',
      protocolVersions: ['1'],
      keys: known.filter(({ iss }) => iss === originator),
      certificates: [{ fingerprint: '', pem: Buffer.from(der, 'base64url').toString('base64') }],
      log: { origin: 'nl-cus.example/log/1', vkey: 'nl-cus.example/log/1+00000000+AAAA' },
      endpoints: { federation: 'https://nl-cus.example:7443/federation/v1' },
    },
    federation.signer,
  );
  const payload = JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString());
  const head = { alg: 'Ed25519', kid: federation.signer.kid, typ: 'entity-statement+jwt' };
  const common = { section: '2', operation: 'pin_entity', keys: [] } as const;
  const pin = { thumbprint: federation.signer.kid, now: issuedAt };
  const vector = (name: string, what: string, input: Members, expected: Vector['expected']): Vector => ({
    name: `entity-${name}`,
    what,
    ...common,
    input,
    expected,
  });
  const refuse = async (name: string, what: string, error: SealCode, change: (copy: typeof payload) => unknown) => {
    const copy = structuredClone(payload);
    change(copy);
    return vector(name, what, { jwt: await forge(head, copy, federation), ...pin }, { error });
  };
  const node = (copy: typeof payload) => copy.metadata.entente_node;
  return Promise.all([
    vector('ok', 'a configuration and the thumbprint of its key', { jwt, ...pin }, { ok: { id: originator, pin: pin.thumbprint } }),
    vector(
      'other-thumbprint',
      'the thumbprint of another key',
      { jwt, ...pin, thumbprint: vectorKeys.release.signer.kid },
      { error: 'not_pinned' },
    ),
    vector('expired', 'the configuration has run out', { jwt, ...pin, now: payload.exp }, { error: 'expired_configuration' }),
    vector(
      'forged',
      'signed by another key',
      { jwt: await forge(head, payload, vectorKeys.recipientFederation), ...pin },
      { error: 'bad_signature' },
    ),
    refuse('about-another', 'sub is another node', 'bad_claims', (copy) => Object.assign(copy, { sub: recipient })),
    refuse('query', 'an entity id with a query', 'bad_claims', (copy) =>
      Object.assign(copy, { iss: `${originator}?a=1`, sub: `${originator}?a=1` }),
    ),
    refuse('private-key', 'a private key published', 'bad_key', (copy) => Object.assign(copy.jwks.keys[0], { d: 'A'.repeat(43) })),
    refuse('kid-no-thumbprint', 'a kid that is not the thumbprint', 'bad_key', (copy) =>
      Object.assign(node(copy).jwks.keys[0], { kid: digestOf('x') }),
    ),
    refuse('key-for-two-uses', 'one key for two uses', 'key_not_unique', (copy) =>
      node(copy).jwks.keys.push({ ...node(copy).jwks.keys[0], use_for: 'release' }),
    ),
    refuse('certificate-twice', 'one certificate twice', 'key_not_unique', (copy) => node(copy).tls.push(node(copy).tls[0])),
    refuse('endpoint-without-tls', 'an endpoint without TLS', 'bad_claims', (copy) =>
      Object.assign(node(copy).endpoints, { federation: 'http://nl-cus.example' }),
    ),
  ]);
}

export async function deliveryVectors(): Promise<Vector[]> {
  return (await Promise.all([releases(), pages(), receiptsAndVoids(), agreements(), entities()])).flat();
}
