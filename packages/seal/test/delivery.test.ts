import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decideRelay, type Permit, Refusal, type RelayFacts, type RelayPermit } from '@entente/policy';
import { compactVerify, generalVerify, importJWK } from 'jose';
import t from 'tap';
import {
  assertDisclosed,
  canonicalBytes,
  chainNext,
  chainOver,
  chainStart,
  draftAgreement,
  followPage,
  type KeyRecord,
  mergeAgreements,
  openAgreement,
  openAgreementAct,
  openConsent,
  openDenunciationAnswer,
  openPage,
  openReceipt,
  openRelease,
  openStatement,
  openVoid,
  type Page,
  type Receipt,
  releaseEvent,
  type SealCode,
  sealRelay,
  sealRelease,
  signAgreement,
  signAgreementAct,
  signDenunciationAnswer,
  signPage,
  signReceipt,
  signVoid,
  type VoidNote,
} from '../src/index.js';
import {
  agreement,
  alert,
  customs,
  finderOf,
  findKey,
  findKeyWith,
  forge,
  issue,
  keys,
  licensing,
  now,
  permitFor,
  release,
  signed,
} from './federation.js';

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');
const me = { iss: customs, aud: licensing, findKey };
const payloadOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString());

t.test('a release carries the statement without content, and the terms', async (t) => {
  const issued = await issue();
  const permit = permitFor();
  const sealed = await release(issued, permit);
  const opened = await openRelease(sealed.jwt, me);
  t.match(opened, {
    iss: customs,
    aud: licensing,
    iat: now,
    jti: sealed.jti,
    statement: issued.jwt,
    statementDigest: issued.digest,
    agreement: permit.agreement,
    ...permit.terms,
  });
  t.equal(opened.digest, digest(sealed.jwt));
  t.same(opened.disclosed, sealed.disclosed.map((disclosure) => disclosure.digest).sort());
  const payload = payloadOf(sealed.jwt);
  t.same(Object.keys(payload).sort(), ['aud', 'events', 'iat', 'iss', 'jti', 'sub_id'], 'no sub, exp, txn');
  t.same(payload.sub_id, { format: 'uri', uri: `ni:///sha-256;${issued.digest}` });
  t.same(Object.keys(payload.events), [releaseEvent]);
  for (const { text } of issued.disclosures)
    t.notOk(Buffer.from(sealed.jwt.split('.')[1]!, 'base64url').includes(text), 'no disclosure inside the signature');
  t.ok(await compactVerify(sealed.jwt, await importJWK(keys.release.jwk, 'ES256')), 'second opinion');

  const texts = sealed.disclosed.map(({ text }) => text);
  const statement = await openStatement(opened.statement, texts, findKey);
  assertDisclosed(opened, statement.disclosed);
  t.throws(() => assertDisclosed(opened, statement.disclosed.slice(1)), { code: 'disclosures_differ' });
  t.throws(() => assertDisclosed(opened, [...statement.disclosed.slice(1), { digest: digest('x') }]), { code: 'disclosures_differ' });
  const all = await openStatement(
    issued.jwt,
    issued.disclosures.map(({ text }) => text),
    findKey,
  );
  if (all.disclosed.length !== opened.disclosed.length)
    t.throws(() => assertDisclosed(opened, all.disclosed), { code: 'disclosures_differ' });
});

t.test('only a permit for this sender and these parts is sealed', async (t) => {
  const issued = await issue();
  const permit = permitFor();
  const request = { iss: customs, iat: now, jti: 'A'.repeat(22), statement: issued, disclosures: issued.disclosures };
  t.ok(await sealRelease(permit, request, keys.release.signer));
  await t.rejects(sealRelease(permit, { ...request, iss: licensing }, keys.release.signer), { code: 'permit_mismatch' });
  await t.rejects(sealRelease(permit, { ...request, disclosures: [] }, keys.release.signer), { code: 'permit_mismatch' });
  await t.rejects(
    sealRelease({ ...permit } as Permit, request, keys.release.signer),
    { code: 'permit_mismatch' },
    'what only looks like a permit',
  );
  // @ts-expect-error a permit cannot be written by hand
  const forged: Permit = {
    from: customs,
    to: licensing,
    agreement: permit.agreement,
    released: [],
    withheld: [],
    terms: permit.terms,
    release: 'automatic',
  };
  await t.rejects(sealRelease(forged, request, keys.release.signer), { code: 'permit_mismatch' });
  await t.rejects(sealRelease(permit, { ...request, jti: 'short' }, keys.release.signer), { code: 'bad_claims' });
});

t.test('F12 a permit to pass on is sealed with its consent, and as nothing else', async (t) => {
  const vector = JSON.parse(readFileSync(new URL('../../vectors/consent-ok.json', import.meta.url), 'utf8'));
  const { input, keys: known } = vector as { input: { text: string } & RelayFacts; keys: KeyRecord[] };
  const { text, ...facts } = input;
  const consent = await openConsent(text, facts, finderOf(known));
  const [holder, to] = [facts.holder, facts.to];
  const parts = [{ pointer: '/body/title', dataClass: 'N0' as const }];
  const between = { ...agreement, parties: [holder, to], grants: [{ ...agreement.grants[0]!, from: [holder], to: [to] }] };
  const agreements = [{ ...signed, agreement: between, signedBy: [holder, to] }];
  const { handling, legal_basis } = alert.example;
  const question = {
    kind: 'alert',
    parts,
    handling,
    legal_basis,
    exercise: true,
    valid_until: now + 1000,
    from: holder,
    to,
    agreements,
    now,
  };
  const permit = decideRelay(question, consent);
  if (permit instanceof Refusal) throw new Error(permit.reason);

  const disclosures = [{ text: 'WyJhIiwidGl0bGUiLCJ4Il0', digest: digest('WyJhIiwidGl0bGUiLCJ4Il0'), ...parts[0]! }];
  const statement = { jwt: 'a.b.c', digest: facts.target };
  const request = { iss: holder, iat: now, jti: 'A'.repeat(22), statement, disclosures, consent: text, issuer: 'd.e.f' };
  const signer = keys.release.signer;
  const relayed = await sealRelay(permit, request, signer);
  t.match(payloadOf(relayed.jwt).events[releaseEvent], { consent: text, issuer: 'd.e.f' });
  const mismatch = { code: 'permit_mismatch' };
  await t.rejects(sealRelease(permit, request, signer), mismatch, 'a relay is no release of our own');
  await t.rejects(sealRelay(permitFor() as RelayPermit, request, signer), mismatch, 'a release of our own is no relay');
  await t.rejects(sealRelay(permit, { ...request, statement: { ...statement, digest: digest('x') } }, signer), mismatch);
  await t.rejects(sealRelay(permit, { ...request, consent: `e.f.g~` }, signer), mismatch, 'another consent than that of the permit');
});

t.test('a release of the wrong form, sender, addressee or key is refused', async (t) => {
  const sealed = await release(await issue());
  await t.rejects(openRelease(sealed.jwt, { ...me, aud: 'https://qm-cus.example' }), { code: 'wrong_audience' });
  await t.rejects(openRelease(sealed.jwt, { ...me, iss: 'https://qm-cus.example' }), { code: 'wrong_issuer' });
  const { kid } = keys.release.signer;
  await t.rejects(openRelease(sealed.jwt, { ...me, findKey: findKeyWith(kid, { revoked_at: now }) }), { code: 'key_not_valid' });
  const compromised = findKeyWith(kid, { compromised_from: now + 5 });
  await t.rejects(openRelease(sealed.jwt, { ...me, findKey: compromised }), { code: 'key_compromised' });
  t.ok(await openRelease(sealed.jwt, { ...me, findKey: compromised, provenBefore: now }));

  const head = { alg: 'ES256', kid, typ: 'secevent+jwt' };
  const refuse = async (
    code: SealCode,
    what: string,
    change: (payload: ReturnType<typeof payloadOf>, event: Record<string, unknown>) => void,
  ) => {
    const payload = payloadOf(sealed.jwt);
    change(payload, payload.events[releaseEvent]);
    await t.rejects(openRelease(await forge(head, payload, keys.release), me), { code }, what);
  };
  for (const name of ['sub', 'exp', 'txn', 'nbf']) await refuse('bad_claims', name, (payload) => Object.assign(payload, { [name]: 1 }));
  await refuse('bad_claims', 'two events', ({ events }) => Object.assign(events, { 'urn:x': {} }));
  await refuse('bad_claims', 'another event', (payload) => Object.assign(payload, { events: { 'urn:x': {} } }));
  await refuse('bad_claims', 'aud a list', (payload) => Object.assign(payload, { aud: [licensing] }));
  await refuse('bad_claims', 'jti too short', (payload) => Object.assign(payload, { jti: 'abc' }));
  await refuse('bad_claims', 'jti with unused bits', (payload) => Object.assign(payload, { jti: `${'A'.repeat(21)}B` }));
  await refuse('wrong_statement', 'another name', ({ sub_id }) => Object.assign(sub_id, { uri: `ni:///sha-256;${digest('x')}` }));
  await refuse('wrong_statement', 'another format', ({ sub_id }) => Object.assign(sub_id, { format: 'opaque' }));
  await refuse('wrong_statement', 'another statement', (_, event) => Object.assign(event, { statement: 'x.y.z' }));
  const [first, second] = [digest('1'), digest('2')].sort();
  await refuse('bad_claims', 'not sorted', (_, event) => Object.assign(event, { disclosed: [second, first] }));
  await refuse('duplicate_digest', 'twice', (_, event) => Object.assign(event, { disclosed: [first, first] }));
  await refuse('bad_claims', 'no digest', (_, event) => Object.assign(event, { disclosed: ['x'] }));
  await refuse('too_large', 'too many', (_, event) => Object.assign(event, { disclosed: Array(4097).fill('x') }));
  await refuse('bad_claims', 'onward', (_, event) => Object.assign(event, { onward: 'anybody' }));
  await refuse('bad_claims', 'no agreement', (_, event) => delete event.agreement);
  await refuse('bad_claims', 'no end', (_, event) => delete event.retain_until);
  await refuse('bad_claims', 'purposes', (_, event) => Object.assign(event, { purposes: 'ALL' }));
  await t.rejects(openRelease(await forge({ ...head, typ: 'jwt' }, payloadOf(sealed.jwt), keys.release), me), { code: 'wrong_typ' });
  const withStatementKey = await forge({ ...head, kid: keys.statement.signer.kid }, payloadOf(sealed.jwt), keys.statement);
  await t.rejects(openRelease(withStatementKey, me), { code: 'unknown_key' }, 'a key for statements signs no releases');
});

t.test('F06 two releases of one statement have two names, a rewritten one has none', async (t) => {
  const issued = await issue();
  const [first, second] = [await release(issued), await release(issued)];
  t.not(first.digest, second.digest);
  const spaced = JSON.stringify(payloadOf(first.jwt), null, 1);
  const [head, , signature] = first.jwt.split('.');
  await t.rejects(openRelease(`${head}.${Buffer.from(spaced).toString('base64url')}.${signature}`, me), { code: 'bad_signature' });
});

// the feed

const releases = Array.from({ length: 5 }, (_, i) => digest(`release ${i}`));
const chainAfter = (count: number) => chainOver(chainStart, releases.slice(0, count));
const page = (first: number, count: number): Page => ({
  iss: customs,
  aud: licensing,
  iat: now,
  epoch: 1,
  first,
  entries: releases.slice(first - 1, first - 1 + count).map((name) => [name, 'alert', 5000]),
  chain: chainAfter(first - 1 + count),
});

t.test('pages prove what was on a feed', async (t) => {
  const jwt = await signPage(page(1, 3), keys.release.signer);
  const opened = await openPage(jwt, me);
  t.same(opened, { ...page(1, 3), jwt, digest: digest(jwt), chain: opened.chain });
  t.same(Buffer.from(opened.chain), Buffer.from(chainAfter(3)));
  t.ok(await compactVerify(jwt, await importJWK(keys.release.jwk, 'ES256')), 'second opinion');
  const one = createHash('sha256').update(Buffer.alloc(32)).update(Buffer.from(releases[0]!, 'base64url')).digest();
  t.same(Buffer.from(chainNext(chainStart, canonicalBytes(releases[0]!))), one, 'SHA-256(chain || digest)');

  const start = { epoch: 1, last: 0, chain: chainStart };
  const after = followPage(start, opened);
  t.equal(after.last, 3);
  t.equal(followPage(after, page(4, 2)).last, 5);
  t.throws(() => followPage(start, page(4, 2)), { code: 'page_gap' });
  t.throws(() => followPage(after, page(1, 3)), { code: 'page_gap' });
  t.throws(() => followPage({ ...after, epoch: 2 }, page(4, 2)), { code: 'page_gap' });
  const resumes = { epoch: 1, last: 3, chain: chainAfter(3), reason: 'The database came back from a backup' };
  const anew = await openPage(await signPage({ ...page(1, 2), epoch: 2, resumes }, keys.release.signer), me);
  t.match(anew.resumes, { epoch: 1, last: 3, reason: resumes.reason }, 'a new epoch says what it resumes, and why');
  t.equal(followPage({ epoch: 2, last: 0, chain: chainStart }, anew).last, 2);
  t.throws(() => followPage({ ...after, chain: chainStart }, page(4, 2)), { code: 'chain_mismatch' });
  await t.rejects(openPage(jwt, { ...me, aud: customs }), { code: 'wrong_audience' });
});

t.test('a page of the wrong form is not signed and not opened', async (t) => {
  const refuse = async (code: SealCode, change: Partial<Record<keyof Page, unknown>>) => {
    await t.rejects(signPage({ ...page(1, 3), ...change } as Page, keys.release.signer), { code }, JSON.stringify(change).slice(0, 60));
  };
  await refuse('bad_claims', { entries: [] });
  await refuse('too_large', { entries: Array(1001).fill([releases[0], 'alert', 1]) });
  await refuse('bad_claims', { entries: [[releases[0], 'alert']] });
  await refuse('bad_claims', { entries: [['x', 'alert', 1]] });
  await refuse('bad_claims', { entries: [[releases[0], 'an alert', 1]] });
  await refuse('bad_claims', { entries: [[releases[0], 'alert', -1]] });
  await refuse('bad_claims', { first: 0 });
  await refuse('bad_claims', { epoch: 0 });
  await refuse('bad_claims', { chain: new Uint8Array(31) });
});

t.test('receipts', async (t) => {
  const receipt: Receipt = {
    iss: licensing,
    aud: customs,
    iat: now,
    items: [
      { release: releases[0]!, verdict: 'held' },
      { release: releases[1]!, verdict: 'refused', code: 'no_agreement' },
      { release: releases[2]!, verdict: 'quarantined', code: 'unknown_kind' },
      { release: releases[3]!, verdict: 'held', replaces: digest('an earlier receipt') },
    ],
  };
  const sealed = await signReceipt(receipt, keys.foreign.signer);
  t.same(await openReceipt(sealed.jwt, { iss: licensing, aud: customs, findKey }), { ...receipt, ...sealed });
  t.ok(await compactVerify(sealed.jwt, await importJWK(keys.foreign.jwk, 'ES256')), 'second opinion');
  await t.rejects(openReceipt(sealed.jwt, { iss: customs, aud: customs, findKey }), { code: 'wrong_issuer' });
  const refuse = (code: SealCode, ...items: unknown[]) =>
    t.rejects(
      signReceipt({ ...receipt, items: items as Receipt['items'] }, keys.foreign.signer),
      { code },
      JSON.stringify(items).slice(0, 80),
    );
  await refuse('bad_claims');
  await refuse('bad_claims', { release: releases[0], verdict: 'held', code: 'x' });
  await refuse('bad_claims', { release: releases[0], verdict: 'refused' });
  await refuse('bad_claims', { release: releases[0], verdict: 'refused', code: 'free text' });
  await refuse('bad_claims', { release: releases[0], verdict: 'liked' });
  await refuse('bad_claims', { release: releases[0], verdict: 'quarantined', code: 'x', replaces: releases[1] });
  await refuse('duplicate_digest', { release: releases[0], verdict: 'held' }, { release: releases[0], verdict: 'refused', code: 'x' });
  await refuse('too_large', ...Array(1001).fill({ release: releases[0], verdict: 'held' }));
});

t.test('voids', async (t) => {
  const note: VoidNote = { iss: customs, aud: licensing, iat: now, epoch: 1, position: 2, digest: releases[1]!, code: 'withdrawn' };
  const jwt = await signVoid(note, keys.release.signer);
  t.match(await openVoid(jwt, me), { iss: customs, aud: licensing, position: 2, code: 'withdrawn', jwt });
  t.equal((await openVoid(jwt, me)).digest, releases[1], 'digest names the release that is void');
  t.ok(await compactVerify(jwt, await importJWK(keys.release.jwk, 'ES256')), 'second opinion');
  await t.rejects(openVoid(jwt, { ...me, iss: licensing }), { code: 'wrong_issuer' });
  await t.rejects(signVoid({ ...note, code: 'lost' as never }, keys.release.signer), { code: 'bad_claims' });
  await t.rejects(openPage(jwt, me), { code: 'wrong_typ' }, 'one kind of note is not another');
});

// the agreement

const ours = { party: customs, signer: keys.federation.signer };
const theirs = { party: licensing, signer: keys.foreignFederation.signer };
const open = (jws: string, find = findKey) => openAgreement(jws, { findKey: find, at: now });

t.test('two signatures that came apart make one text, the same in any order', async (t) => {
  const [first, second] = await Promise.all([ours, theirs].map(async (by) => open(await signAgreement(agreement, by))));
  const whole = mergeAgreements(first!, second!);
  t.equal(mergeAgreements(second!, first!), whole);
  t.same((await open(whole)).signedBy, [customs, licensing]);
  t.equal(mergeAgreements(await open(whole), first!), whole, 'what is there already changes nothing');
  const draft = await open(draftAgreement(agreement));
  t.same(draft.signedBy, []);
  const unknown = { ...second!, signedBy: [] };
  t.same((await open(mergeAgreements(first!, unknown))).signedBy, [customs], 'a signature that could not be verified is left behind');
});

t.test('what a party says of an agreement, and the answer to a denunciation', async (t) => {
  const claims = { iss: customs, iat: now, agreement: 'A'.repeat(43), act: 'denounced', seq: 1 } as const;
  const act = await signAgreementAct(claims, ours.signer);
  t.match(await openAgreementAct(act, { findKey }), { ...claims, digest: digest(act) });
  await t.rejects(openAgreementAct(act.replace(/.{20}$/, 'A'.repeat(20)), { findKey }));
  await t.rejects(signAgreementAct({ ...claims, act: 'forgotten' as never }, ours.signer), { code: 'bad_claims' });
  await t.rejects(openAgreementAct(await signAgreementAct(claims, keys.release.signer), { findKey }), { code: 'unknown_key' });
  const answer = { iss: licensing, aud: customs, iat: now, denunciation: digest(act), sent: place(5), received: place(3) };
  const jwt = await signDenunciationAnswer(answer, theirs.signer);
  t.match(await openDenunciationAnswer(jwt, { iss: licensing, aud: customs, findKey }), { ...answer, digest: digest(jwt) });
  await t.rejects(openDenunciationAnswer(jwt, { iss: licensing, aud: licensing, findKey }), { code: 'wrong_audience' });
  await t.rejects(openAgreementAct(jwt, { findKey }), { code: 'wrong_typ' });
  await t.rejects(signDenunciationAnswer({ ...answer, sent: place(-1) }, theirs.signer), { code: 'bad_claims' });
});
const place = (position: number) => ({ epoch: 1, position });

t.test('an agreement is signed by one after the other', async (t) => {
  const first = await signAgreement(agreement, ours);
  t.same((await open(first)).signedBy, [customs]);
  const both = await signAgreement(first, theirs);
  const opened = await open(both);
  t.same(opened.signedBy, [customs, licensing]);
  t.same(opened.agreement, signed.agreement);
  t.equal(opened.digest, digest(JSON.parse(both).payload));
  t.equal(opened.digest, (await open(first)).digest, 'the name does not depend on who has signed');
  const jose = await generalVerify(JSON.parse(both), await importJWK(keys.foreignFederation.jwk, 'Ed25519'));
  t.match(jose.protectedHeader, { party: licensing, typ: 'agreement+jws' });

  const withoutThem = await open(both, (iss, kid, use) => (iss === licensing ? undefined : findKey(iss, kid, use)));
  t.match(withoutThem, { signedBy: [customs], unknown: [licensing] }, 'a signature that cannot be judged does not count');
  await t.rejects(signAgreement(both, theirs), { code: 'duplicate_party' });
  await t.rejects(signAgreement(first, { ...theirs, party: 'https://qm-cus.example' }), { code: 'unknown_party' });
  await t.rejects(signAgreement({ ...agreement, parties: [customs] }, ours), { code: 'bad_agreement' });
  await t.rejects(signAgreement({ ...agreement, title: 'x'.repeat(70_000) }, ours), { code: 'bad_agreement' });
  await t.rejects(signAgreement({ ...agreement, grants: Array(500).fill(agreement.grants[0]) }, ours), { code: 'too_large' });
});

t.test('an agreement of the wrong form is refused', async (t) => {
  const both = JSON.parse(await signAgreement(await signAgreement(agreement, ours), theirs));
  const refuse = (code: SealCode, what: string, jws: object | string) =>
    t.rejects(open(typeof jws === 'string' ? jws : JSON.stringify(jws)), { code }, what);
  const [first, second] = both.signatures;
  await refuse('bad_claims', 'unprotected header', { ...both, signatures: [{ ...first, header: { kid: 'x' } }] });
  await refuse('bad_claims', 'flattened', { payload: both.payload, ...first });
  await refuse('bad_claims', 'another member', { ...both, more: 1 });
  await refuse('duplicate_party', 'twice', { ...both, signatures: [first, second, first] });
  await refuse('bad_signature', 'of another payload', {
    ...both,
    payload: Buffer.from(JSON.stringify({ ...agreement, version: 2 })).toString('base64url'),
  });
  await refuse('bad_agreement', 'no agreement', { ...both, payload: Buffer.from('{}').toString('base64url') });
  await refuse('malformed', 'payload', { ...both, payload: '#' });
  await refuse('too_large', 'signatures', { ...both, signatures: Array(9).fill(first) });
  await refuse('too_large', 'bytes', ' '.repeat(65_537));
  await refuse('duplicate_member', 'twice', JSON.stringify(both).replace('{', '{"payload":"e30",'));
  const head = (more: object) =>
    Buffer.from(
      JSON.stringify({ alg: 'Ed25519', kid: keys.federation.signer.kid, typ: 'agreement+jws', party: customs, ...more }),
    ).toString('base64url');
  const withHead = (more: object) => ({ ...both, signatures: [{ protected: head(more), signature: first.signature }] });
  await refuse('bad_signature', 'that of the other', { ...both, signatures: [{ ...first, signature: second.signature }] });
  await refuse('wrong_typ', 'typ', withHead({ typ: 'JOSE' }));
  await refuse('bad_header', 'party', withHead({ party: 1 }));
  await refuse('bad_header', 'crit', withHead({ crit: ['x'] }));
  await refuse('unknown_party', 'stranger', withHead({ party: 'https://qm-cus.example' }));
  await refuse('bad_alg', 'alg', withHead({ alg: 'ES256' }));
  const revoked = findKeyWith(keys.federation.signer.kid, { revoked_at: now });
  await t.rejects(open(JSON.stringify(both), revoked), { code: 'key_not_valid' });
});
