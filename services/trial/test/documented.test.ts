/** docs/officers.md, docs/clients.md and docs/auditors.md, as people type what they say. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codesOf, kinds, type StatementInput } from '@entente/statement';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { programs, runProgram } from '../src/programs.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, post, seconds, sighting, startAgencies } from './agencies.js';
import { runDocumented } from './documented-commands.js';
import { startReceiver } from './webhook-receiver.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic'], { single_release: true });
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
const [here, there] = [customs.agency.id, licensing.agency.id];
await introduce(federation.members);
const [grant] = arrangement([]).grants as Record<string, unknown>[];
const terms = { ...grant, classes: ['N0', 'N1', 'C1'], from: [here, there], to: [here, there] };
await agree(
  federation.members,
  arrangement([here, there], {
    grants: [
      { ...terms, kinds: ['sighting', 'consent_request', 'consent'] },
      { ...terms, kinds: ['alert'], from: [there], to: [here] },
      { ...terms, kinds: ['alert'], from: [here], to: [there], release: 'second_officer' },
    ],
  }),
);

const at = (days: number) => new Date((seconds() + days * 86_400) * 1000).toISOString().replace('.000Z', 'Z');
const example = kinds.get('alert')!.example;
const parties = [
  {
    id: 'P1',
    party_kind: 'LEGAL',
    roles: ['CONSIGNEE'],
    names: [{ value: 'Muster Verzinkerei', type: 'PRIMARY' }],
    confidence: 'PROBABLE',
  },
];
const transport = [{ id: 'T1', mode: '1', container: { number: 'DEMU1234560' } }];
const alert: StatementInput = {
  ...example,
  valid_from: at(0),
  valid_until: at(20),
  body: { ...example.body, parties, transport } as never,
};
const received = await post(licensing, alert, [here]);
await heldByAll(licensing, received);
const [release] = await licensing.api.releases(received);
async function folderOf(name: string, files: Record<string, unknown>): Promise<string> {
  const folder = join(federation.folder, name);
  await mkdir(folder);
  for (const [file, content] of Object.entries(files))
    await writeFile(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return folder;
}
/** By the officer who types what the pages say: only the author of a draft hands it in. */
const configuration = join(customs.agency.folder, 'entente.json');
async function begunDraft(): Promise<string> {
  const file = join(await folderOf('drafts', { 'alert.json': alert }), 'alert.json');
  const { stdout } = await runProgram(programs.cli, ['alert', 'draft', file, '--to', there, '--config', configuration, '--json']);
  return (JSON.parse(stdout) as { draft: string }).draft;
}
const person = (names: string[]) => ({
  right: 'ACCESS' as const,
  channel: 'LETTER' as const,
  identity: 'UNCHECKED' as const,
  subject: { names },
  asks: 'What is held about me?',
});
/** By an officer, searched for if he is who he says. */
async function registered(name: string, identity: 'UNCHECKED' | 'CHECKED'): Promise<string> {
  const { dpo } = customs.api;
  const { id } = (await dpo.POST('/v1/subject-requests', { body: { ...person([name]), identity } })).data!;
  const header = { 'entente-purpose': 'CUSTOMS_CONTROL', 'entente-justification': 'A request that a page speaks of' };
  if (identity === 'CHECKED') await dpo.POST('/v1/subject-requests/{id}/search', { params: { path: { id }, header } });
  return id;
}
const env = {
  ENTENTE_CONFIG: configuration,
  ALERT: received,
  RELEASE: release!.release,
  DRAFT: await begunDraft(),
  PARTNER: there,
  REQUEST: await registered('Verzinkerei Muster', 'UNCHECKED'),
  ANSWERABLE: await registered('Nemo Nusquam', 'CHECKED'),
};

t.test('docs/clients.md', async (t) => {
  const receiver = await startReceiver();
  t.teardown(() => receiver[Symbol.asyncDispose]());
  const { data: hook } = await customs.api.administrator.POST('/v1/webhooks', { body: { url: receiver.url, events: ['inbox.new'] } });
  await post(licensing, sighting('for the webhook'), [here]);
  const told = await until('a webhook is told', async () => receiver.attempts[0]);
  const { id, timestamp, signature, body } = told;
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
  const line = (i: number) => JSON.stringify({ idempotency_key: `sighting-${i}`, statement: sighting(`lot ${i}`), addressees: [there] });
  const folder = await folderOf('clients', {
    'post.json': { statement: sighting('posted by a client'), addressees: [there] },
    'sightings.ndjson': `${[1, 2, 3].map(line).join('\n')}\n`,
    'draft.json': { statement: alert },
    'received.json': { headers, body, secret: hook!.secret, now: timestamp },
  });
  await runDocumented(t, { file: 'docs/clients.md', folder, env: { ...env, NODE: customs.agency.url, TOKEN: customs.tokens.analyst } });
});

/** Written by the officer on duty, who waits for a second one. */
async function atNight(title: string): Promise<string> {
  const statement = { ...alert, body: { ...alert.body, title, urgency: 'IMMEDIATE' } };
  const key = { header: { 'idempotency-key': `at-night-${title.length}` } };
  const { data } = await customs.api.duty.POST('/v1/statements', {
    params: key,
    body: { statement: statement as never, addressees: [there] },
  });
  return (data as unknown as { draft: string }).draft;
}

t.test('docs/officers.md', async (t) => {
  const folder = await folderOf('officers', {
    'alert.json': alert,
    'sighting.json': sighting('seal differs'),
    'request.json': person(['Jana Muster']),
    'duty.token': customs.tokens.duty,
  });
  const [urgent, other] = [await atNight('urgent'), await atNight('urgent, too')];
  const body = { checklist: codesOf('release-checklist') as never, reason: 'It cannot wait for a second officer' };
  const { data: alone } = await customs.api.duty.POST('/v1/drafts/{id}/single-release', { params: { path: { id: other } }, body });
  await runDocumented(t, { file: 'docs/officers.md', folder, env: { ...env, URGENT: urgent, ALONE: alone!.statement } });
});

t.test('docs/auditors.md', async (t) => {
  const statement = await post(customs, sighting('for the auditor'), [there]);
  await heldByAll(customs, statement);
  const folder = await folderOf('auditors', { 'partner-auditor.token': licensing.tokens.auditor });
  await copyFile(join(customs.agency.folder, 'entity-configuration.jwt'), join(folder, 'customs.jwt'));
  await copyFile(join(licensing.agency.folder, 'entity-configuration.jwt'), join(folder, 'partner.jwt'));
  const auditor = { STATEMENT: statement, THUMBPRINT: customs.agency.thumbprint, PARTNER_URL: licensing.agency.url };
  await runDocumented(t, { file: 'docs/auditors.md', folder, env: { ...env, ...auditor } });
});
