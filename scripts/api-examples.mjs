// Makes services/node/data/examples.json: for each operation of openapi.yaml a request and an answer that a running trial gave.
// Run by hand after a route is added (`node scripts/api-examples.mjs`); every run has other digests, so the result is not compared in CI.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { agree } from '../services/trial/dist/src/agreement.js';
import { introduce, startFederation } from '../services/trial/dist/src/federation.js';
import { inventedDeclarations } from '../services/trial/dist/src/fixtures.js';
import { agreement, plans } from '../services/trial/dist/src/scenario.js';
import { follow } from '../services/trial/dist/src/story.js';
import { until } from '../services/trial/dist/src/until.js';
import { root } from './setup.mjs';

const file = join(root, 'services', 'node', 'data', 'examples.json');
const document = parse(readFileSync(join(root, 'openapi.yaml'), 'utf8'));
const known = JSON.parse(readFileSync(file, 'utf8'));
const operations = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [operation.operationId, { path, method, operation }]),
  ),
);
const quiet = { chapter() {}, say() {}, table() {}, warn() {} };
const why = { 'entente-purpose': 'CUSTOMS_CONTROL', 'entente-justification': 'Screening of the manifest of MV EXAMPLE, case 2031-17' };
const folder = mkdtempSync(join(tmpdir(), 'entente-examples-'));
const federation = await startFederation({ folder, plans, settings: { checkpoint_interval_seconds: 2, log_level: 'warn' } });
const found = {};
try {
  await introduce(federation.members);
  await agree(federation.members, agreement);
  await record();
} finally {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
}
const kept = Object.fromEntries([...operations.keys()].map((id) => [id, found[id] ?? known[id]]).filter(([, example]) => example));
writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
console.log(`${Object.keys(found).length} recorded, ${Object.keys(kept).length} of ${operations.size} operations have examples.`);
for (const id of operations.keys()) if (!kept[id]) console.log(`none: ${id}`);

async function record() {
  const customs = federation.member('nl-cus');
  const partner = federation.member('de-lic');
  const [first, ...others] = await inventedDeclarations(0);
  const { issued } = await follow(federation, first, quiet);
  const declared = await ask(customs, 'analyst', 'postDeclaration', {
    text: others.find(({ name }) => name.startsWith('04')).bytes.toString('utf8'),
    headers: { 'content-type': 'application/xml' },
  });
  const digest = issued[0].digest;
  const peer = { peer: partner.agency.id };
  const inbox = await ask(partner, 'analyst', 'listInbox', { query: { limit: 1 } });
  const release = inbox.items[0].release.digest ?? inbox.items[0].release;
  for (const id of ['health', 'ready', 'listStatements', 'listDrafts', 'listShipments', 'listKinds', 'listPeers', 'listAgreements'])
    await ask(customs, 'analyst', id);
  for (const id of ['listQuarantine', 'listDeadLetters', 'listFeeds']) await ask(customs, 'administrator', id);
  for (const id of ['getStatement', 'listReleases']) await ask(customs, 'analyst', id, { path: { digest } });
  await ask(partner, 'analyst', 'getStatementContent', { path: { digest }, headers: why });
  for (const id of ['getInboxItem', 'markSeen', 'takeRelease']) await ask(partner, 'analyst', id, { path: { release } });
  await ask(customs, 'analyst', 'getKindSchema', { path: { kind: 'alert' } });
  await ask(customs, 'analyst', 'getCodeList', { path: { id: 'purpose' } });
  const shipments = await ask(customs, 'analyst', 'listShipments');
  await ask(customs, 'analyst', 'getShipment', { path: { id: shipments.items[0].id }, headers: why });
  await drafts(customs, partner, declared);
  const statement = await customs.api.content(digest, { purpose: why['entente-purpose'], justification: why['entente-justification'] });
  await sighting(partner, customs, digest);
  found.releaseStatement ??= known.releaseStatement;
  await proofs(customs, peer);
  await ask(customs, 'administrator', 'addPeer', {
    body: { configuration: partner.agency.configuration, thumbprint: partner.agency.thumbprint },
    accept: [409],
  });
  void statement;
  await ask(customs, 'administrator', 'changePeer', { path: { id: partner.agency.id }, body: { state: 'suspended' } });
}

async function drafts(customs, partner, declared) {
  const key = { 'idempotency-key': '7f0c9d62-5a0e-4b47-9b7c-0a1f5b7f3f10' };
  const begun = await ask(customs, 'analyst', 'createDraft', { body: { statement: { kind: 'alert', lang: 'en' } }, headers: key });
  const at = declared.draft ?? begun.draft;
  const read = await ask(customs, 'analyst', 'getDraft', { path: { id: at }, headers: why });
  const { decisionOn } = await import('../services/trial/dist/src/fixtures.js');
  const { completed } = await import('../services/trial/dist/src/decision.js');
  const input = completed(read.statement, await decisionOn('04-electronics.xml'), Date.now());
  const written = await ask(customs, 'analyst', 'replaceDraft', {
    path: { id: at },
    headers: { 'if-match': `"${read.version}"` },
    body: { statement: input, addressees: [partner.agency.id] },
  });
  await ask(customs, 'analyst', 'previewDraft', { path: { id: at }, query: { addressee: partner.agency.id }, headers: why });
  const submit = async (version) =>
    ask(customs, 'analyst', 'submitDraft', {
      path: { id: at },
      headers: { 'if-match': `"${version}"` },
      body: { addressees: [partner.agency.id] },
    });
  const submitted = await submit(written.version);
  void submitted;
  await ask(customs, 'releaser', 'rejectDraft', { path: { id: at }, body: { reason: 'The grading does not follow from the source.' } });
  const again = await customs.api.draft(at, { purpose: why['entente-purpose'], justification: why['entente-justification'] });
  await submit(again.version);
  const { releaseCodes } = { releaseCodes: Object.keys((await decisionOn('04-electronics.xml')).second_officer.checklist) };
  await ask(customs, 'releaser', 'releaseDraft', {
    path: { id: at },
    headers: why,
    body: { checklist: releaseCodes, reason: 'The pattern agrees with two earlier denials.' },
  });
}

async function sighting(partner, customs, digest) {
  const { answerTo } = await import('../services/trial/dist/src/fixtures.js');
  const { answered } = await import('../services/trial/dist/src/decision.js');
  const statement = answered(await answerTo('01-carbon-fibre.xml'), digest, Date.now());
  await ask(partner, 'analyst', 'postStatement', {
    body: { statement, addressees: [customs.agency.id] },
    headers: { 'idempotency-key': 'f5b0a7de-41c8-4d2c-8a66-2f8c1d9e7a31' },
  });
}

async function proofs(customs, peer) {
  await until('a checkpoint', async () => ((await call(customs, 'auditor', 'auditCheckpoint', {})).status === 200 ? true : undefined));
  for (const id of [
    'auditConfiguration',
    'auditCheckpoint',
    'auditCutCheckpoint',
    'auditAccess',
    'auditStatements',
    'auditReleases',
    'auditReceipts',
  ])
    await ask(customs, 'auditor', id);
  await ask(customs, 'auditor', 'auditEntries', { query: { from: 0, limit: 2 } });
  for (const id of ['auditPages', 'auditVoids']) await ask(customs, 'auditor', id, { query: peer });
  await ask(customs, 'auditor', 'auditInclusion', { query: { position: 2, size: 4 } });
  await ask(customs, 'auditor', 'auditConsistency', { query: { from: 2, to: 4 } });
}

async function ask(member, person, id, asked = {}) {
  const { status, body } = await call(member, person, id, asked);
  if (status >= 400) {
    if (!asked.accept?.includes(status)) console.error(`${id}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    return body;
  }
  found[id] = {
    ...(asked.body === undefined ? {} : { request: shortened(asked.body) }),
    ...(asked.text === undefined ? {} : { request: asked.text }),
    ...(status === 204 ? {} : { status, answer: shortened(body) }),
  };
  return body;
}

async function call(member, person, id, { path: parts = {}, query, body, text, headers = {} }) {
  const { path, method } = operations.get(id);
  const url = new URL(
    path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts[name])),
    member.agency.url,
  );
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  const response = await fetch(url, {
    method: method.toUpperCase(),
    headers: { authorization: `Bearer ${member.tokens[person]}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : text === undefined ? {} : { body: text }),
  });
  const got = await response.text();
  return { status: response.status, body: got === '' ? undefined : JSON.parse(got) };
}

/** Long lists teach nothing: two entries of each, and of what is deep or long the beginning. */
function shortened(value, depth = 0) {
  if (Array.isArray(value)) return value.slice(0, 2).map((item) => shortened(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  return Object.fromEntries(members.slice(0, depth > 5 ? 4 : members.length).map(([name, member]) => [name, shortened(member, depth + 1)]));
}
