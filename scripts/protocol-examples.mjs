// Makes the worked examples and the tables of codes of docs/protocol.md from the packages themselves, between markers in the page:
//   <!-- example: NAME --> ... <!-- end of example -->
// Fixed keys, fixed random bytes and Ed25519 (deterministic), so that every run gives the same bytes. Each object is opened again, as a
// recipient would, before it is printed. With --check the page is compared, not written. The packages must be compiled.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatVkey } from '@entente/ledger';
import { accept, decide, Permit, Refusal } from '@entente/policy';
import * as seal from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import { partsOf, unfold, validateDisclosed } from '@entente/statement';
import { fixedKey, fixedRandom } from '../packages/seal/dist/scripts/fixed-keys.js';
import { input, issued, kind } from './protocol-examples/alert.mjs';
import { logged, logKey, showLog } from './protocol-examples/log.mjs';
import { onward } from './protocol-examples/onward.mjs';
import { certificate, day, findKey, keyOf, must, now, plan, recipient, records, sender } from './protocol-examples/parties.mjs';
import { reversal } from './protocol-examples/reversal.mjs';
import { code, fenced, json, short, shown, table, wrapped } from './protocol-examples/show.mjs';
import { showCodes, showHandling, showKinds, showRules } from './protocol-examples/tables.mjs';
import { root } from './setup.mjs';

const page = join(root, 'docs', 'protocol.md');
const between = { iss: sender, aud: recipient, findKey };

const grant = {
  kinds: ['alert'],
  classes: ['N0', 'N1'],
  purposes: ['CUSTOMS_CONTROL'],
  handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'RESTRICTED' },
  retention_days: 365,
  onward: 'originator_consent',
  release: 'second_officer',
};

async function agreed(from, to) {
  const payload = {
    id: `${[from, to].map((id) => id.slice(8, 10)).join('-')}-2026`,
    version: 1,
    title: 'Exchange of alerts',
    instrument: 'Directive (EU) 2016/680 Art. 37(1)(a)',
    parties: [from, to],
    effective: now - day,
    expires: now + 365 * day,
    grants: [{ from: [from], to: [to], ...grant }],
    grace_hours: 24,
  };
  const once = await seal.signAgreement(payload, { party: from, signer: keyOf(from, 'federation').signer });
  const jws = await seal.signAgreement(once, { party: to, signer: keyOf(to, 'federation').signer });
  const opened = await seal.openAgreement(jws, { findKey, at: now });
  must(opened.signedBy.length === 2, 'agreement');
  return { jws, payload, signed: { digest: opened.digest, agreement: opened.agreement, signedBy: opened.signedBy } };
}

function permitted(agreement, statement) {
  const { body, handling, legal_basis, exercise, rel } = input;
  const asked = {
    kind: kind.name,
    parts: partsOf(kind, body, rel),
    handling,
    legal_basis,
    exercise,
    rel,
    valid_until: statement.claims.valid_until,
  };
  const decision = decide({ ...asked, from: sender, to: recipient, agreements: [agreement.signed], now });
  must(decision instanceof Permit, 'permit');
  return decision;
}

async function released(permit, { jwt, digest, disclosures }) {
  const jti = Buffer.from(fixedRandom('release')(16)).toString('base64url');
  const request = { iss: sender, iat: now, jti, statement: { jwt, digest }, disclosures };
  return await seal.sealRelease(permit, request, keyOf(sender, 'release').signer);
}

/** What a recipient does with it (section 7). */
async function judged(release, agreement) {
  const opened = await seal.openRelease(release.jwt, between);
  const texts = release.disclosed.map(({ text }) => text);
  const statement = await seal.openStatement(opened.statement, texts, findKey);
  seal.assertDisclosed(opened, statement.disclosed);
  const body = unfold(kind, statement.body);
  must(validateDisclosed(kind, statement.claims, body, statement.rel).length === 0, 'disclosed schema');
  const parts = partsOf(kind, body, statement.rel);
  const arrival = { release: opened, claims: statement.claims, parts, from: sender, to: recipient, agreements: [agreement.signed], now };
  must(!(accept(arrival) instanceof Refusal), 'acceptance');
  return body;
}

async function paged(release) {
  const chain = seal.chainNext(seal.chainStart, Buffer.from(release.digest, 'base64url'));
  const bytes = release.jwt.length + release.disclosed.reduce((sum, { text }) => sum + text.length, 0);
  const entries = [[release.digest, kind.name, bytes]];
  const signer = keyOf(sender, 'release').signer;
  const jwt = await seal.signPage({ iss: sender, aud: recipient, iat: now + 1, epoch: 1, first: 1, entries, chain }, signer);
  seal.followPage({ epoch: 1, last: 0, chain: seal.chainStart }, await seal.openPage(jwt, between));
  return jwt;
}

async function receipted(release) {
  const items = [{ release: release.digest, verdict: 'held' }];
  const signer = keyOf(recipient, 'release').signer;
  const receipt = await seal.signReceipt({ iss: recipient, aud: sender, iat: now + 2, items }, signer);
  await seal.openReceipt(receipt.jwt, { iss: recipient, aud: sender, findKey });
  return receipt;
}

async function voided({ digest }) {
  const note = { iss: sender, aud: recipient, iat: now + 3, epoch: 1, position: 1, digest, code: 'withdrawn' };
  const jwt = await seal.signVoid(note, keyOf(sender, 'release').signer);
  await seal.openVoid(jwt, between);
  return jwt;
}

async function configured() {
  const note = logKey();
  const jwt = await seal.signEntityConfiguration(
    {
      id: sender,
      iat: now,
      exp: now + 365 * day,
      organizationName: 'Customs of the Netherlands (example)',
      country: 'NL',
      agencyType: 'CUS',
      protocolVersions: ['1'],
      keys: records.filter(({ iss }) => iss === sender),
      certificates: [{ fingerprint: '', pem: certificate }],
      log: { origin: note.name, vkey: formatVkey(note) },
      endpoints: { federation: 'https://nl-cus.example:8443/federation/v1' },
      next: fixedKey('Ed25519', 'nl-cus next federation').signer.kid,
    },
    keyOf(sender, 'federation').signer,
  );
  await seal.pinEntity(jwt, keyOf(sender, 'federation').signer.kid, { now, verifiable: verificationKey });
  return jwt;
}

function showKeys() {
  const rows = plan.map(({ iss, use, name, key }) => [code(iss), use, code(name), code(key.signer.kid)]);
  const { crv, kty, x } = keyOf(sender, 'statement').jwk;
  const first = `{"crv":"${crv}","kty":"${kty}","x":"${x}"}`;
  must(createHash('sha256').update(first).digest('base64url') === keyOf(sender, 'statement').signer.kid, 'thumbprint');
  return [table(['node', 'use', 'NAME', 'kid'], rows), 'The text whose SHA-256 is the second `kid`:', fenced(first)].join('\n\n');
}

function showStatement({ jwt, digest, disclosures }, permit) {
  const sent = new Set(permit.released.map(({ part }) => part.pointer));
  const rows = disclosures.map((one) => [code(one.pointer), one.dataClass, sent.has(one.pointer) ? 'yes' : 'no', code(one.digest)]);
  const texts = disclosures.map(({ text }) => `${Buffer.from(text, 'base64url')}\n${text.match(/.{1,110}/g).join('\n')}\n`);
  return [
    shown('The statement', jwt),
    `Its digest, SHA-256 of the ASCII above: ${code(digest)}.`,
    'Its disclosures. The agreement of section 8 releases N0 and N1, so the commercial group of the goods stays behind:',
    table(['part', 'class', 'released', 'digest'], rows),
    'Each disclosure as JSON, and below it the text that is hashed and sent:',
    fenced(texts.join('\n')),
  ].join('\n\n');
}

const showPoll = (request, answer) => [json(request), 'The answer:', json(answer)].join('\n\n');

async function examples() {
  const agreement = await agreed(sender, recipient);
  const statement = await issued();
  const permit = permitted(agreement, statement);
  const release = await released(permit, statement);
  const body = await judged(release, agreement);
  const feedPage = await paged(release);
  const configuration = await configured();
  const held = {
    ...statement,
    ...(await seal.openStatement(
      statement.jwt,
      statement.disclosures.map(({ text }) => text),
      findKey,
    )),
  };
  const receipt = await receipted(release);
  const texts = release.disclosed.map(({ text }) => text);
  const answer = {
    sets: { [release.jti]: short(release.jwt) },
    disclosures: { [release.jti]: texts.map(short) },
    pages: [short(feedPage)],
  };
  const next = { ack: [release.jti], receipts: [short(receipt.jwt)], pages_after: { epoch: 1, position: 1 } };
  return {
    keys: showKeys(),
    configuration: shown('An entity configuration', configuration),
    statement: showStatement(statement, permit),
    release: [
      shown('The release', release.jwt),
      `Its digest: ${code(release.digest)}. It is sent with ${texts.length} disclosures. What the recipient can read then:`,
      json(body),
    ].join('\n\n'),
    poll: showPoll({ returnImmediately: false, pages_after: { epoch: 1, position: 0 } }, answer),
    'next poll': json(next),
    page: shown('The page', feedPage),
    receipt: [shown('The receipt', receipt.jwt), `Its digest: ${code(receipt.digest)}.`].join('\n\n'),
    void: shown('A void for the same position', await voided(release)),
    agreement: [
      'The payload:',
      json(agreement.payload),
      `Signed by both; line breaks only for reading. Its digest is ${code(agreement.signed.digest)}.`,
      wrapped(agreement.jws),
    ].join('\n\n'),
    ...(await onward(held, { agree: agreed, configuration })),
    ...(await reversal(held)),
    log: showLog(await logged(statement, release, receipt)),
    handling: showHandling(),
    kinds: showKinds(),
    codes: showCodes(),
    rules: showRules(),
  };
}

/** The page with every example in its place. A marker without an example, or an example without a marker, is an error. */
function filled(text, made) {
  const unused = new Set(Object.keys(made));
  const result = text.replace(/(<!-- example: ([a-z ]+) -->\n)[\s\S]*?(<!-- end of example -->)/g, (_, start, name, end) => {
    if (!unused.delete(name)) throw new Error(`no example is called ${name}, or it stands twice`);
    return `${start}\n${made[name]}\n\n${end}`;
  });
  if (unused.size > 0) throw new Error(`docs/protocol.md has no place for: ${[...unused].join(', ')}`);
  return result;
}

const before = readFileSync(page, 'utf8');
const after = filled(before, await examples());
if (!process.argv.includes('--check')) {
  writeFileSync(page, after);
  console.log('docs/protocol.md: examples made');
} else if (before !== after) {
  console.error('docs/protocol.md is not what the packages make: run node scripts/protocol-examples.mjs and commit the result');
  process.exitCode = 1;
} else console.log('docs/protocol.md: examples are as the packages make them');
