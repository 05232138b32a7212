// Makes the worked examples and the tables of codes of docs/protocol.md from the packages themselves, between markers in the page:
//   <!-- example: NAME --> ... <!-- end of example -->
// Fixed keys, fixed random bytes and Ed25519 (deterministic), so that every run gives the same bytes. Each object is opened again, as a
// recipient would, before it is printed. With --check the page is compared, not written. The packages must be compiled.
import { createHash, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Frontier,
  formatTlogProof,
  formatVkey,
  inclusionProof,
  leafBytes,
  leafHash,
  noteKey,
  openTlogProof,
  signatureType,
  signCheckpoint,
} from '@entente/ledger';
import { accept, decide, Permit, Refusal, rules } from '@entente/policy';
import * as seal from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import {
  codeList,
  kindOf,
  kinds,
  partsOf,
  possibleClasses,
  statementInputSchema,
  unfold,
  validateDisclosed,
  validateFull,
} from '@entente/statement';
import { fixedKey, fixedRandom } from '../packages/seal/dist/scripts/fixed-keys.js';
import { root } from './setup.mjs';

const page = join(root, 'docs', 'protocol.md');
const sender = 'https://nl-cus.example';
const recipient = 'https://de-lic.example';
const now = 1772442300; // 2026-03-02T09:05:00Z
const day = 86_400;

/** Self-signed, its private key thrown away: nobody connects with it. */
const certificate =
  'MIIBmDCCAUqgAwIBAgIUUJAg9KJT5C4yQt99aRtYH7HBnB0wBQYDK2VwMBkxFzAVBgNVBAMMDm5sLWN1cy5leGFtcGxlMB4XDTI2MTEyMzIzNDk1MVoXDTM2MTEyMDIzNDk1MVow' +
  'GTEXMBUGA1UEAwwObmwtY3VzLmV4YW1wbGUwKjAFBgMrZXADIQAetiyK5b3l1FFnPcsqPkCWlsrmvTFjro1xC8qaefmXuaOBozCBoDAdBgNVHQ4EFgQUECGuhZcF1CrTJMwuobnt' +
  'LWtI88swHwYDVR0jBBgwFoAUECGuhZcF1CrTJMwuobntLWtI88swMQYDVR0RBCowKIYWaHR0cHM6Ly9ubC1jdXMuZXhhbXBsZYIObmwtY3VzLmV4YW1wbGUwHQYDVR0lBBYwFAYI' +
  'KwYBBQUHAwEGCCsGAQUFBwMCMAwGA1UdEwEB/wQCMAAwBQYDK2VwA0EA1rU+1R8e8Vww5z+ZQ1PCAGE9unJjY8i0z6ASmVtewzJE8ohuCZRGz/b6Ceu6skivePBE3H0BK1NVS1df' +
  'U/njBA==';

const plan = [
  { iss: sender, use: 'federation', name: 'nl-cus federation' },
  { iss: sender, use: 'statement', name: 'nl-cus statement' },
  { iss: sender, use: 'release', name: 'nl-cus release' },
  { iss: sender, use: 'log', name: 'nl-cus log' },
  { iss: recipient, use: 'federation', name: 'de-lic federation' },
  { iss: recipient, use: 'release', name: 'de-lic release' },
].map((row) => ({ ...row, key: fixedKey('Ed25519', row.name) }));
const keyOf = (iss, use) => plan.find((row) => row.iss === iss && row.use === use).key;
const records = plan.map(({ iss, use, key }) => key.record(iss, use, { not_before: now - day, not_after: now + 730 * day }));
const findKey = (iss, kid, use) => {
  const record = records.find((one) => one.iss === iss && one.kid === kid && one.use === use);
  return record && verificationKey(record);
};
const between = { iss: sender, aud: recipient, findKey };

/** One kind of place in the page: how a thing is shown. Lines are broken for the eye. */
const fenced = (text) => `\`\`\`\n${text.replace(/\n$/, '')}\n\`\`\``;
const json = (value) => `\`\`\`json\n${JSON.stringify(value, (name, one) => (name === 'statement' ? short(one) : one), 2)}\n\`\`\``;
const wrapped = (text) => fenced(text.match(/.{1,110}/g).join('\n'));
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const code = (text) => `\`${text}\``;
const payloadOf = (jws) => seal.splitCompact(jws).payload();

/** A signed object: what it says, and its bytes. A token inside a token is cut in the first, which is for reading. */
const shown = (what, jws) =>
  [`${what}, its payload:`, json(payloadOf(jws)), 'The same as it is signed and sent:', wrapped(jws)].join('\n\n');
const short = (text) => `${text.slice(0, 24)}...`;

const grant = {
  kinds: ['alert'],
  classes: ['N0', 'N1'],
  purposes: ['CUSTOMS_CONTROL'],
  handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'RESTRICTED' },
  retention_days: 365,
  onward: 'originator_consent',
  release: 'second_officer',
};

async function agreed() {
  const payload = {
    id: 'nl-de-2026',
    version: 1,
    title: 'Exchange of alerts',
    instrument: 'Directive (EU) 2016/680 Art. 37(1)(a)',
    parties: [sender, recipient],
    effective: now - day,
    expires: now + 365 * day,
    grants: [{ from: [sender], to: [recipient], ...grant }],
    grace_hours: 24,
  };
  const once = await seal.signAgreement(payload, { party: sender, signer: keyOf(sender, 'federation').signer });
  const jws = await seal.signAgreement(once, { party: recipient, signer: keyOf(recipient, 'federation').signer });
  const opened = await seal.openAgreement(jws, { findKey, at: now });
  must(opened.signedBy.length === 2, 'agreement');
  return { jws, payload, signed: { digest: opened.digest, agreement: opened.agreement, signedBy: opened.signedBy } };
}

const kind = kindOf('alert', '1.0');
const input = {
  kind: 'alert',
  lang: 'en',
  exercise: true,
  valid_from: '2026-03-02T09:05:00Z',
  valid_until: '2026-04-01T09:05:00Z',
  handling: {
    tlp: 'AMBER+STRICT',
    handling_codes: ['H1'],
    orcon: true,
    onward: { mode: 'PRIOR_CONSENT' },
    purposes: ['CUSTOMS_CONTROL'],
    use_in_proceedings: 'CONSENT_REQUIRED',
    disclosure_to_subject: 'REFER_TO_ORIGINATOR',
    disclosure_to_private_sector: 'FORBIDDEN',
    classification: { scheme: 'NL', level: 'NONE' },
    retention_class: 'R-ALERT-SHIPMENT',
  },
  legal_basis: [{ instrument: 'EU-2021-821', purpose: 'CUSTOMS_CONTROL', jurisdiction: 'NL' }],
  rel: [],
  body: {
    alert_kind: 'SHIPMENT',
    title: 'Carbon fibre declared as textile yarn',
    narrative: 'FACT: 18 rolls in an entrepôt. ASSESSMENT (likely): not textile.',
    narrative_class: 'N0',
    suspicions: [{ code: 'DO01', weight: 3 }],
    offence_hypothesis: 'EXPORT_WITHOUT_LICENCE',
    grading: { scheme: 'ADMIRALTY', source: 'B', information: '2' },
    urgency: 'URGENT',
    goods: [
      {
        id: 'G1',
        description: 'Carbon fibre tow, 12K',
        hs_code: '681511',
        hs_edition: '2022',
        quantity: '900',
        unit: 'KGM',
        value: '76500.00',
        currency: 'EUR',
      },
    ],
    action_requested: [{ code: 'DOCUMENT_CHECK' }],
    contact_before_action: true,
  },
};

async function issued() {
  const rejected = validateFull(kind, input).filter(({ level }) => level !== 'warn');
  must(rejected.length === 0, `statement ${JSON.stringify(rejected)}`);
  const jti = 'urn:uuid:019cadcc-5ce0-7a11-8f00-00000000c0de';
  const signer = keyOf(sender, 'statement').signer;
  return await seal.issueStatement({ input, kind, iss: sender, iat: now, jti, signer, random: fixedRandom('statement') });
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

const logKey = () => noteKey('nl-cus.example/log/1', signatureType.ed25519, Buffer.from(keyOf(sender, 'log').jwk.x, 'base64url'));

/** The acts of this page, filled with padding to 64 leaves. */
async function logged(statement, release, receipt) {
  const random = fixedRandom('log');
  const acts = [
    { at: '2026-03-02T09:05:00Z', op: 'issued', kind: kind.name, digest: statement.digest },
    {
      at: '2026-03-02T09:05:00Z',
      op: 'released',
      peer: recipient,
      kind: kind.name,
      digest: release.digest,
      ref: statement.digest,
      position: 1,
    },
    { at: '2026-03-02T09:05:03Z', op: 'receipt_held', peer: recipient, digest: receipt.digest, ref: release.digest },
  ];
  const pads = Array.from({ length: 64 - acts.length }, () => ({ at: '2026-03-02T09:10:00Z', op: 'pad' }));
  const leaves = [...acts, ...pads].map((act) => leafBytes({ v: 1, n: Buffer.from(random(16)).toString('base64url'), ...act }));
  const hashes = leaves.map((bytes) => leafHash(bytes));
  const frontier = Frontier.empty();
  for (const hash of hashes) frontier.append(hash);
  const head = { origin: logKey().name, size: frontier.size, root: frontier.root() };
  const checkpoint = await signCheckpoint(head, { key: logKey(), sign: keyOf(sender, 'log').signer.sign });
  const read = async (_level, index, count) => hashes.slice(index, index + count); // 64 leaves: level 0 is all there is
  const proof = formatTlogProof({ index: 1, proof: await inclusionProof(1, frontier.size, read), checkpoint });
  await openTlogProof(proof, hashes[1], logKey(), verifyEd25519);
  return { leaves, hashes, checkpoint, proof };
}

function verifyEd25519(publicKey, message, signature) {
  const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return verify(null, message, { key, format: 'jwk' }, signature);
}

function must(holds, what) {
  if (!holds) throw new Error(`the example does not hold: ${what}`);
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

const showLog = ({ leaves, hashes, checkpoint, proof }) =>
  [
    'The first three leaves and the first padding, each with its leaf hash:',
    fenced(
      leaves
        .slice(0, 4)
        .map((bytes, at) => `${Buffer.from(bytes)}\n  ${Buffer.from(hashes[at]).toString('base64')}\n`)
        .join('\n'),
    ),
    'The checkpoint over these and 60 more leaves of padding:',
    fenced(checkpoint),
    'Its verifier key:',
    fenced(formatVkey(logKey())),
    'The tlog-proof of the leaf at index 1, as the recipient gets it:',
    fenced(proof),
  ].join('\n\n');

const showPoll = (request, answer) => [json(request), 'The answer:', json(answer)].join('\n\n');

const showCodes = () =>
  table(
    ['code', 'meaning'],
    Object.entries(seal.sealCodes).map(([name, words]) => [code(name), words]),
  );

function showRules() {
  const byCode = new Map();
  for (const [id, { code: name }] of Object.entries(rules)) byCode.set(name, [...(byCode.get(name) ?? []), id]);
  return table(
    ['code', 'rules'],
    [...byCode].map(([name, ids]) => [code(name), ids.map(code).join(', ')]),
  );
}

/** The markings of a statement, from its schema; a long list is only named. */
function showHandling() {
  const { handling, legal_basis } = statementInputSchema(kind).properties;
  const rows = (node, path) => {
    const list = node['x-list'] ?? node.items?.['x-list'];
    if (list !== undefined) return [[code(path), node.items ? 'codes' : 'code', codesIn(list)]];
    const inner = Object.entries((node.items ?? node).properties ?? {});
    if (inner.length === 0) return [[code(path), node.type, '']];
    return inner.flatMap(([name, member]) => rows(member, `${path}${node.items ? '[]' : ''}.${name}`));
  };
  return table(['member', 'type', 'values'], [...rows(handling, 'handling'), ...rows(legal_basis, 'legal_basis')]);
}

function codesIn(list) {
  const { codes, id, closed } = codeList(list);
  if (codes.length > 20) return `one of the ${codes.length} of the list ${code(id)}`;
  return `${codes.map((entry) => code(entry.code)).join(' ')}${closed === false ? ', or a code of another scheme' : ''}`;
}

/** What each kind can tell, and to which class it belongs: what an implementer needs to know of the schema to disclose by it. */
function showKinds() {
  const tables = [...kinds.values()].map(showKind);
  const lists = [...kinds.values()].flatMap(({ body }) => listsOf(body).map(([member, node]) => showList(member, node)));
  return [
    ...tables,
    'The element lists:',
    table(
      ['list', 'class of an element', 'group digests', 'members of another class'],
      [...new Set(lists)].map((row) => [row]),
    ),
  ].join('\n\n');
}

const isList = ([, member]) => member['x-disclose'] === 'elements';
const listsOf = ({ properties }) => Object.entries(properties).filter(isList);

function showKind({ name, ver, body }) {
  const members = Object.entries(body.properties);
  const head = `Kind ${code(name)}, version ${code(ver)}. The body has ${members.length} members, the element lists among them, so ${code('body._sd')} has ${members.length} digests.`;
  const plain = members.filter((member) => !isList(member));
  const rows = plain.map(([member, node]) => [code(member), node.type ?? 'string', classWords(node['x-class']), required(body, member)]);
  return `${head}\n\n${table(['member', 'type', 'class', 'required at issue'], rows)}`;
}

function showList(member, { items }) {
  const own = items['x-class'];
  const members = Object.entries(items.properties);
  const classes = new Set([own, ...members.map(([, node]) => node['x-class'])].flatMap(possibleClasses));
  const apart = members.filter(([, node]) => classWords(node['x-class']) !== classWords(own));
  const words = apart.map(([name, node]) => `${code(name)} ${classWords(node['x-class'])}`).join(', ');
  return [code(member), classWords(own), classes.size - 1, words].join(' | ');
}

const required = (node, member) => (node.required?.includes(member) ? 'yes' : 'no');

function classWords(rule) {
  if (typeof rule === 'string') return rule;
  if ('strictest' in rule) return `the strictest ${code(rule.strictest)} of its items, else ${rule.otherwise}`;
  const given = Object.entries(rule.map).filter(([value, dataClass]) => value !== dataClass);
  if (given.length === 0) return `as ${code(rule.by)} says, else ${rule.otherwise}`;
  return `by ${code(rule.by)}: ${given.map(([value, dataClass]) => `${value} ${dataClass}`).join(', ')}, else ${rule.otherwise}`;
}

async function examples() {
  const agreement = await agreed();
  const statement = await issued();
  const permit = permitted(agreement, statement);
  const release = await released(permit, statement);
  const body = await judged(release, agreement);
  const feedPage = await paged(release);
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
    configuration: shown('An entity configuration', await configured()),
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
