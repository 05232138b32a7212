import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '@entente/postgres';
import { kinds, type StatementInput } from '@entente/statement';
import t from 'tap';
import { declaration } from './declarations.js';
import { close, command, type Office, openOffice, until } from './operator.js';
import { entente } from './program.js';

t.setTimeout(170_000);
const base = t.testdir({ temporary: {} });
const temporary = join(base, 'temporary');
process.env.TMPDIR = temporary;
const why = ['--purpose', 'CUSTOMS_CONTROL', '--justification', 'Überprüfung: 100 % of the manifest'];
const confirm = [
  '--confirm',
  'NECESSITY,PROPORTIONALITY,LEGAL_BASIS,AUDIENCE_JUSTIFIED,DATA_CLASSES_REVIEWED',
  '--confirm',
  'grading,human_rights,neutrality,contact_before_action',
];
const release = (id: string, ...more: string[]) => ['release', id, '--reason', 'Fits the arrangement', ...confirm, ...more];
/** What people see as a digest. */
const short = (digest: string) => `${digest.slice(0, 8)}…`;

/** The example of a kind, valid from now on. */
function example(kind: string, change: Partial<StatementInput> = {}): StatementInput {
  const at = (days: number) => `${new Date(Date.now() + days * 86400_000).toISOString().slice(0, 19)}Z`;
  const { example } = kinds.get(kind) as { example: StatementInput };
  return { ...structuredClone(example), exercise: true, valid_from: at(0), valid_until: at(20), ...change };
}

async function written(name: string, content: unknown): Promise<string> {
  const file = join(base, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const postgres = await startServer({ dir: join(base, 'postgres') });
const [nl, qm] = await Promise.all([openOffice(postgres, base, 'nl-cus'), openOffice(postgres, base, 'qm-cus')]);
t.teardown(async () => {
  await Promise.all([nl, qm].map((office) => (office.node.exitCode === null ? close(office) : 0)));
  await postgres.stop();
});

const terms = {
  purposes: ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION'],
  handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'NONE' },
  retention_days: 365,
  onward: 'originator_consent',
};
const agreement = {
  id: 'urn:entente:agreement:rhine-7',
  version: 1,
  title: 'Invented arrangement',
  instrument: 'MOU-7',
  parties: [nl.id, qm.id],
  effective: 1_767_225_600,
  expires: 2_082_758_400,
  grants: [
    { from: [nl.id], to: [qm.id], kinds: ['alert'], classes: ['N0', 'N1'], release: 'second_officer', ...terms },
    { from: [qm.id], to: [nl.id], kinds: ['sighting'], classes: ['N0', 'N1'], release: 'automatic', ...terms },
  ],
  grace_hours: 24,
};

t.test('administrators pin each other and load what both have signed', async (t) => {
  for (const [one, other] of [
    [nl, qm],
    [qm, nl],
  ] as [Office, Office][]) {
    t.match(await one.as('ADMIN', ['peer', 'list']), { out: /No partners yet/ });
    const ran = await one.as('ADMIN', ['peer', 'add', other.configurationFile, '--thumbprint', other.thumbprint]);
    t.match(ran.out, new RegExp(`${other.id}\\) is a partner now`));
    t.match(await one.json('ADMIN', ['peer', 'list']), { items: [{ id: other.id, state: 'active', thumbprint: other.thumbprint }] });
  }
  const text = await written('rhine-7.json', agreement);
  const jws = join(base, 'rhine-7.jws.json');
  t.match(await entente(['agreement', 'sign', text, '--config', nl.config]), { code: 0, out: /Still to sign: https:\/\/qm-cus/ });
  t.match(await entente(['agreement', 'sign', jws, '--config', qm.config]), { code: 0, out: /All parties have signed/ });
  for (const office of [nl, qm]) {
    t.match((await office.as('ADMIN', ['agreement', 'load', jws])).out, /holds urn:entente:agreement:rhine-7 version 1/);
    t.match((await office.as('ADMIN', ['agreement', 'list'])).out, /^ID .*\nurn:entente:agreement:rhine-7 {2}1 .*in_force/);
  }
  t.match(await nl.as('ADMIN', ['peer', 'suspend', qm.id]), { out: /suspended now/ });
  t.match(await nl.json('ADMIN', ['peer', 'resume', qm.id]), { id: qm.id, state: 'active' });
});

t.test('an agreement is drafted and proposed by one administrator, countersigned by the other, stopped, amended and ended', async (t) => {
  const text = await written('rhine-8.json', { ...agreement, id: 'urn:entente:agreement:rhine-8', grants: [] });
  const { digest } = await nl.json('ADMIN', ['agreement', 'draft', text]);
  const short = digest.slice(0, 8);
  t.match((await nl.as('ADMIN', ['agreement', 'propose', short])).out, /silence is no consent[\s\S]*qm-cus\.example: proposed/);
  const listed = async (office: Office) =>
    (await office.json('ADMIN', ['agreement', 'list'])).items.find((one: { digest: string }) => one.digest === digest);
  await until('the proposal', async () => await listed(qm));
  t.match((await qm.as('ADMIN', ['agreement', 'countersign', short])).out, /nl-cus\.example: in force/);
  const standing = (state: string) => until(state, async () => ((await listed(nl)).standing[0].state === state ? true : undefined));
  await standing('in_force');
  await qm.as('ADMIN', ['agreement', 'suspend', short]);
  await standing('suspended');
  t.match((await nl.as('ADMIN', ['agreement', 'resume', short], 1)).err, /agreement_state[\s\S]*has not suspended this/);
  await qm.as('ADMIN', ['agreement', 'resume', short]);
  const change = await written('later.json', { title: 'A longer title' });
  t.match(await nl.json('ADMIN', ['agreement', 'amend', short, change]), { version: 2, title: 'A longer title', signed_by: [] });
  t.match((await nl.as('ADMIN', ['agreement', 'denounce', short])).out, /Denounced, for good/);
  t.match((await nl.as('ADMIN', ['agreement', 'show', short])).out, /denounced it/);
});

t.test('keys of an agency, its own and a partner’s', async (t) => {
  const { out } = await entente(['keys', 'show', '--wide', '--config', nl.config]);
  t.match(out, new RegExp(`thumbprint to pin +${nl.thumbprint}`));
  t.match(out, new RegExp(`federation +ES256 +valid .*${nl.thumbprint}`));
  t.match(out, /^TLS certificate, SHA-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/m);
  const partner = await entente(['keys', 'show', qm.configurationFile, '--json']);
  t.match(JSON.parse(partner.out), { thumbprint: qm.thumbprint, configuration: { id: qm.id } });
});

t.test('declarations are imported; one that cannot be read stops nothing', async (t) => {
  const folder = join(base, 'declarations');
  await mkdir(folder);
  await written('declarations/01-licence.xml', declaration({ id: '26NLDEMO00000301A1', licence: true }));
  await written('declarations/02-broken.xml', '<Declaration>');
  await written('declarations/03-bulbs.xml', declaration({ id: '26NLDEMO00000302A1', licence: false }));
  await written('declarations/notes.txt', 'not for the node');
  const { files, refused, drafts } = await nl.json('ANALYST', ['import', folder], 1);
  t.match({ refused, drafts }, { refused: 1, drafts: 1 });
  t.match(files, [
    { file: /01-licence/, outcome: 'new', shipment: /-/, draft: /-/, open: [/./] },
    { file: /02-broken/, error: { code: 'malformed_xml', message: /./ } },
    { file: /03-bulbs/, outcome: 'new', shipment: /-/, reasons: [{ reason: /./ }] },
  ]);
  const again = await nl.as('ANALYST', ['import', join(folder, '01-licence.xml'), join(folder, '03-bulbs.xml')]);
  t.match(again.out, /^FILE +SHIPMENT +DRAFT +WHY\n.*01-licence\.xml {2}already known/);
  t.match(again.out, /2 files: 2 taken in, 0 refused; 0 drafts/);
  const { items } = await nl.json('ANALYST', ['shipment', 'list']);
  t.equal(items.length, 2);
  t.match((await nl.as('ANALYST', ['shipment', 'show', files[0].shipment, ...why])).out, /^id: /);
  t.match(await nl.json('ANALYST', ['draft', 'list']), { items: [{ id: files[0].draft, kind: 'alert', state: 'draft' }] });
});

t.test('who reads content says why, and learns so before the node is asked', async (t) => {
  const [draft] = (await nl.json('ANALYST', ['draft', 'list'])).items;
  for (const argv of [
    ['draft', 'show', draft.id],
    ['draft', 'preview', draft.id],
    ['alert', 'show', 'A'.repeat(43)],
  ]) {
    t.match(await nl.as('ANALYST', argv, 2), { err: /says why: --purpose and --justification are missing\n.*CUSTOMS_CONTROL/ });
  }
  const half = await nl.as('ANALYST', ['draft', 'show', draft.id, '--purpose', 'CUSTOMS_CONTROL'], 2);
  t.match(half.err, /says why: --justification is missing/);
});

let alert = '';

t.test('four eyes: a draft is completed, previewed, submitted, sent back, and released by another officer', async (t) => {
  const [draft] = (await nl.json('ANALYST', ['draft', 'list'])).items;
  const read = await nl.json('ANALYST', ['draft', 'show', draft.id, ...why]);
  t.match((await nl.as('ANALYST', ['draft', 'show', draft.id, ...why])).out, /still open {2}\//);
  const empty = await written('empty.json', { kind: 'alert' });
  t.match(await nl.as('ANALYST', ['draft', 'write', draft.id, empty], 2), { err: /--version N/ });
  const file = await written('draft.json', { ...read, statement: example('alert') });
  const { version, findings } = await nl.json('ANALYST', ['draft', 'write', draft.id, file, '--to', qm.id]);
  t.same(
    findings.filter(({ level }: { level: string }) => level !== 'warn'),
    [],
  );
  t.match(await nl.as('ANALYST', ['draft', 'write', draft.id, file], 1), { err: /version_conflict[\s\S]*Read it again/ });

  const { out } = await nl.as('ANALYST', ['draft', 'preview', draft.id, ...why]);
  t.match(
    out,
    /^https:\/\/qm-cus\.example: \d+ parts, \d+ withheld; under urn:entente:agreement:rhine-7 version 1; release second officer/,
  );
  t.match(out, /^PART +CLASS +SEEN +RULE +REASON$/m);
  t.match(out, /^\/body\/goods\/0\/C1 +C1 +WITHHELD /m);
  t.match((await nl.json('ANALYST', ['draft', 'preview', draft.id, ...why])).items, [{ addressee: qm.id, permitted: true }]);
  const unsaved = await written('unsaved.json', example('alert'));
  const seen = await nl.as('ANALYST', ['alert', 'preview', unsaved]);
  t.match(
    seen.out,
    new RegExp(`^${qm.id}: \\d+ parts, \\d+ withheld; under urn:entente:agreement:rhine-7 version 1; release second officer`),
  );
  t.match(
    seen.out,
    /^\/body\/goods\/0\/C1\s+C1\s+WITHHELD\s+class_not_granted\s+Agreement .* does not let/m,
    'part, class, rule and reason in words',
  );
  t.match((await nl.json('ANALYST', ['alert', 'preview', unsaved, '--to', 'https://nobody.example'])).items, [
    { addressee: 'https://nobody.example', permitted: false, rule: 'no_active_partner' },
  ]);

  t.match(await nl.as('ANALYST', ['draft', 'submit', draft.id, '--version', String(version)]), { out: /waits for the second officer/ });
  t.match(await nl.as('RELEASER', ['draft', 'list', '--state', 'submitted']), { out: new RegExp(draft.id) });
  t.match(await nl.as('RELEASER', ['draft', 'reject', draft.id, '--reason', 'Look at the grade again']), { out: /goes back/ });
  await nl.as('ANALYST', ['draft', 'submit', draft.id, '--to', qm.id]);
  const unconfirmed = await nl.as('RELEASER', ['alert', 'release', draft.id, '--reason', 'Fits', '--confirm', 'NECESSITY'], 2);
  t.match(unconfirmed.err, /not confirmed: PROPORTIONALITY, [\s\S]*PROPORTIONALITY: Proportionality/);
  t.match(await nl.as('ANALYST', ['alert', ...release(draft.id)], 1), { err: /role_forbidden/ });
  const released = await nl.json('RELEASER', ['alert', ...release(draft.id)]);
  t.match(released, { statement: /^[\w-]{43}$/, releases: [{ addressee: qm.id, state: 'released' }] });
  alert = released.statement;
});

t.test('a draft from a file is begun, found by its author, and thrown away', async (t) => {
  const { draft, version } = await nl.json('ANALYST', ['alert', 'draft', await written('begun.json', { lang: 'en' })]);
  t.match(
    (await nl.as('ANALYST', ['draft', 'list', '--author', 'analyst-7', '--limit', '1'])).out,
    /There are more: --after \S+, or --all\.$/,
  );
  t.match(await nl.as('ANALYST', ['draft', 'submit', draft], 2), { err: /names no partner yet/ });
  t.match(await nl.as('ANALYST', ['draft', 'discard', draft, '--version', String(version)]), { out: /discarded/ });
  t.match(await nl.as('ANALYST', ['alert', 'draft', await written('wrong.json', { kind: 'sighting' })], 2), {
    err: /of the kind sighting/,
  });
});

t.test('what is not complete or permitted is refused with every place and reason', async (t) => {
  const incomplete = await written('incomplete.json', { ...example('alert'), body: { alert_kind: 'SHIPMENT' } });
  t.match(await nl.as('ANALYST', ['alert', 'post', incomplete], 2), { err: /for whom.*\n.*--to ID/ });
  const refused = await nl.as('ANALYST', ['alert', 'post', incomplete, '--to', qm.id], 1);
  t.match(refused.err, /invalid_statement[\s\S]*\/body[\s\S]*entente kind schema KIND/);
  t.match((await nl.json('ANALYST', ['alert', 'post', incomplete, '--to', qm.id], 1)).error, {
    problem: 'invalid_statement',
    findings: [{ pointer: /./ }],
  });
  const sighting = await written('foreign.json', example('sighting', { rel: [] }));
  const none = await nl.as('ANALYST', ['sighting', 'post', sighting, '--alert', alert, '--to', qm.id], 1);
  t.match(none.err, /the node refused/);
});

t.test('the partner finds it in the inbox, takes it, reads what was disclosed', async (t) => {
  const item = await until('the alert arrives', async () => (await qm.json('ANALYST', ['inbox', 'list', '--state', 'new'])).items[0]);
  t.match(item, { from: nl.id, verdict: 'held', statement: { digest: alert } });
  const { out } = await qm.as('ANALYST', ['inbox', 'list']);
  t.match(out, `${short(item.release)}  new`);
  t.match(out, /\d{4}-\d\d-\d\d \d\d:\d\dZ/);
  t.match((await qm.as('ANALYST', ['inbox', 'list', '--wide'])).out, item.release);
  t.match((await qm.as('ANALYST', ['inbox', 'show', short(item.release)])).out, /terms:\n[\s\S]*purposes:\n {4}- CUSTOMS_CONTROL/);
  t.match(await qm.json('ANALYST', ['inbox', 'seen', item.release]), { state: 'seen' });
  t.match((await qm.as('ANALYST', ['inbox', 'take', item.release])).out, /taken by +analyst-7/);

  const shown = await qm.as('ANALYST', ['alert', 'show', short(alert), ...why]);
  t.match(shown.out, /^title: /m);
  t.match(shown.out, /Not here, withheld or never said: .*\/body\/goods\/0\/value/);
  t.match(await qm.json('ANALYST', ['alert', 'show', alert, ...why]), { header: { digest: alert, own: false }, not_shown: [/./] });
  const denied = await qm.as('ANALYST', ['alert', 'show', alert, '--purpose', 'LICENSING', '--justification', 'Not what it was for'], 1);
  t.match(denied.err, /purpose_not_allowed[\s\S]*entente agreement list/);
  t.match(await qm.as('ANALYST', ['alert', 'show', alert, '--header']), { out: new RegExp(`statement +${alert}`) });
});

t.test('a sighting answers the alert, without a second officer, and only once', async (t) => {
  const file = await written('sighting.json', example('sighting', { rel: [] }));
  const post = ['sighting', 'post', file, '--alert', alert, '--to', nl.id, '--reason', 'Seen on the quay'];
  const { out } = await qm.as('ANALYST', post);
  t.match(out, /^Signed and logged: [\w-]{43}\n\nADDRESSEE +STATE/);
  t.match(out, /https:\/\/nl-cus\.example +released/);
  const again = await qm.json('ANALYST', post);
  t.match(out, again.statement, 'the same post is the same statement');
  const [received] = await until('the sighting arrives', async () => {
    const { items } = await nl.json('ANALYST', ['sighting', 'list', '--received']);
    return items.length > 0 ? items : undefined;
  });
  t.equal(received.digest, again.statement);
  const read = await nl.json('ANALYST', ['sighting', 'show', received.digest, ...why]);
  t.same(read.rel, [{ type: 'replies_to', of: alert }]);
});

t.test('lists, searches and what became of an alert', async (t) => {
  const { out } = await nl.as('ANALYST', ['alert', 'list', '--own']);
  t.match(out, /^DIGEST +KIND +ORIGINATOR +ISSUED +VALID UNTIL +EXERCISE\n/);
  t.match(out, `${short(alert)}  alert  ${nl.id} (own)`);
  t.match(await nl.json('ANALYST', ['alert', 'list', '--all', '--received']), { items: [] });
  const found = async (...flags: string[]) => (await nl.json('ANALYST', ['alert', 'search', ...flags, ...why])).items.length;
  t.equal(await found('--since', '2026-01-01', '--originator', nl.id), 1);
  t.equal(await found('--until', '2026-01-01'), 0);
  t.equal(await found('--valid', '2001-01-01'), 0);
  t.equal(await found('--word', 'carbon fibre', '--code', 'control_entry=1C210', '--state', 'IN_FORCE', '--own', '--all'), 1);
  t.equal(await found('--word', 'carbon herring'), 0);
  t.match(await nl.as('ANALYST', ['alert', 'search', '--since', 'yesterday'], 2), { err: /2031-03-01/ });
  t.match(await nl.as('ANALYST', ['alert', 'search', '--code', '1C210', ...why], 2), { err: /NAME=VALUE/ });
  t.match(await nl.as('ANALYST', ['alert', 'search'], 2), { err: /says why/ });
  const held = await until('a receipt', async () => {
    const { items } = await nl.json('ANALYST', ['alert', 'status', alert]);
    return items[0]?.state === 'held' ? items : undefined;
  });
  t.match(held, [{ addressee: qm.id, receipt: /^[\w-]{43}$/ }]);
  t.match((await nl.as('ANALYST', ['alert', 'status', short(alert)])).out, /^https:\/\/qm-cus\.example +DELIVERED /m);
});

/** A sighting that answers the alert. */
function reply(differences: string): StatementInput {
  const input = example('sighting', { rel: [{ type: 'replies_to', of: alert }] });
  return { ...input, body: { ...input.body, differences } };
}

t.test('threads, watch lists, exports, bulk posts, webhooks, events', async (t) => {
  const thread = await nl.as('ANALYST', ['alert', 'thread', short(alert), ...why]);
  t.match(thread.out, new RegExp(`^DIGEST .*\n${short(alert)} +alert .*\n.* sighting .* replies to ${short(alert)}$`));

  const added = await nl.json('ANALYST', [
    'watch',
    'add',
    'Spring',
    '--word',
    'carbon fibre',
    '--identifier',
    'imo=9074729',
    '--note',
    'case 17',
  ]);
  t.match(added, { entries: 2, watched: { name: 'Spring', words: ['carbon fibre'], identifiers: [{ scheme: 'imo' }] } });
  t.match((await nl.as('ANALYST', ['watch', 'list'])).out, new RegExp(`${added.id} +Spring +2 `));
  const hits = await until('what is here is compared', async () => {
    const { items } = await nl.json('ANALYST', ['watch', 'hits', added.id]);
    return items.length > 0 ? items : undefined;
  });
  t.match(hits, [{ statement: { digest: alert }, fields: ['word'] }]);
  t.match(await nl.json('ANALYST', ['watch', 'change', added.id, '--name', 'Summer', '--word', 'herring']), { version: 2 });
  t.match(await nl.as('ANALYST', ['watch', 'remove', added.id]), { out: /is gone/ });
  t.match(await nl.as('ANALYST', ['watch', 'hits', added.id], 1), { err: /not_found/ });

  const file = join(base, 'out.ndjson');
  t.match(await nl.json('ANALYST', ['export', file, ...why]), { file, exported: 2, left_out: 0 });
  t.equal((await readFile(file, 'utf8')).trimEnd().split('\n').length, 2);
  const table = join(base, 'out.csv');
  t.match(await nl.as('ANALYST', ['export', table, '--kind', 'alert', ...why]), { out: /a table of alert/ });
  const cell = alert.startsWith('-') ? `'${alert}` : alert; // no cell is a formula
  t.match(await readFile(table, 'utf8'), new RegExp(`^digest,[\\s\\S]*\r\n${cell},`));
  t.match(await nl.as('ANALYST', ['export', table, ...why], 2), { err: /--kind/ });
  t.match(await nl.as('ANALYST', ['export', join(base, 'nowhere', 'x.ndjson'), ...why], 2), { err: /cannot be written/ });

  const lines = [1, 2].map((i) => JSON.stringify({ idempotency_key: `line-key-${i}`, statement: reply(`lot ${i}`), addressees: [nl.id] }));
  const posts = await written('posts.ndjson', `${lines.join('\n')}\n{"idempotency_key":"line-key-3"}\n`);
  t.match(await qm.json('ANALYST', ['bulk', posts], 1), {
    lines: 3,
    refused: 1,
    known: 0,
    problems: [{ line: 3, problem: { code: 'invalid_request' } }],
  });
  t.match(await qm.as('ANALYST', ['bulk', posts], 1), { out: /3 lines: 2 posted \(2 of them before\), 1 refused/ });
  t.match(await qm.as('ANALYST', ['bulk', join(base, 'no.ndjson')], 2), { err: /cannot be read/ });
  t.match(await qm.as('ANALYST', ['bulk', await written('broken.ndjson', 'no')], 2), { err: /line 1 .* is not JSON/ });

  const hook = await nl.json('ADMIN', ['webhook', 'add', 'http://127.0.0.1:9/hook', '--event', 'inbox.new']);
  t.match(hook, { state: 'active', secret: /^whsec_/ });
  t.match(await nl.json('ADMIN', ['webhook', 'pause', hook.id]), { state: 'paused' });
  t.match(await nl.as('ADMIN', ['webhook', 'list']), { out: /http:\/\/127\.0\.0\.1:9\/hook +inbox\.new +paused/ });
  t.match(await nl.json('ADMIN', ['webhook', 'resume', hook.id]), { state: 'active' });
  t.match(await nl.as('ADMIN', ['webhook', 'remove', hook.id]), { out: /is gone/ });

  const heard = await nl.as('ANALYST', ['events', '--after', 'A'.repeat(16), '--event', 'inbox.new', '--count', '2']);
  t.match(
    heard.out.split('\n').map((line) => JSON.parse(line)),
    [
      { event: 'inbox.new', data: { peer: qm.id, kind: 'sighting' } },
      { event: 'inbox.new', data: { peer: qm.id } },
    ],
  );
});

t.test('feeds, quarantine and dead letters, as an administrator sees them', async (t) => {
  t.match((await nl.as('ADMIN', ['feed', 'status'])).out, /^https:\/\/qm-cus\.example +active .* none$/m);
  t.match(await nl.json('ADMIN', ['feed', 'status']), {
    items: [{ peer: qm.id, outgoing: { released: 1 }, incoming: { complete: true } }],
  });
  t.match(await nl.as('ADMIN', ['quarantine', 'list']), { out: 'Nothing is in quarantine.' });
  t.match(await nl.as('ADMIN', ['dead-letter', 'list']), { out: 'No partner refused anything.' });
  for (const name of ['quarantine', 'dead-letter']) {
    t.match(await nl.as('ADMIN', [name, 'retry', '-'.padEnd(43, 'A')], 1), { err: /not_found/ }, 'a digest may begin with a dash');
    t.match(await nl.as('ADMIN', [name, 'retry', 'AAAAAAAA'], 2), { err: /none of the latest/ });
  }
});

t.test('what was said is called back: the holder obeys and answers, and what is due and kept can be seen', async (t) => {
  t.match(await nl.as('ANALYST', ['correct', alert, '--reason', 'FACTUALLY_WRONG', '--field', '/body/title'], 2), { err: /says not what/ });
  const { draft } = await nl.json('ANALYST', ['recall', short(alert), '--reason', 'MISTAKEN_IDENTITY', '--effect', 'ERASE']);
  t.match(await nl.json('ANALYST', ['recalls', '--owing']), { items: [] }, 'nothing is said before a second officer has released it');
  await nl.as('HEAD', ['hold', 'place', alert, '--reason', 'Evidence in proceedings 2031-17']);
  t.match((await nl.as('HEAD', ['hold', 'show', alert])).out, /proceedings 2031-17/);
  const said = await nl.json('RELEASER', ['draft', ...release(draft)]);
  const answered = await until('the holder answers', async () => {
    const { items } = await nl.json('ANALYST', ['recalls', '--own']);
    return items[0]?.holders[0]?.state === 'COMPLIED' ? items : undefined;
  });
  t.match(answered, [{ statement: said.statement, target: alert, holders: [{ holder: qm.id, outcome: 'COMPLIED' }] }]);
  t.match((await qm.as('ANALYST', ['recalls', '--received'])).out, /ERASE .*COMPLIED/);
  t.match(await qm.as('ANALYST', ['alert', 'show', alert, ...why], 1), { err: /recalled/ });
  t.match(await qm.as('RELEASER', ['comply', short(said.statement)], 1), { err: /nothing of this recall waits/ });
  t.match((await qm.as('HEAD', ['retention', 'erasures', alert])).out, /not yet: the key over it still stands/);
  t.match(await nl.json('HEAD', ['retention', 'erasures', alert]), { items: [] }, 'the hold keeps the copy of the originator');
  t.match((await nl.as('HEAD', ['retention', 'due', '--days', '400'])).out, /legal hold/);
  await nl.as('HEAD', ['hold', 'lift', alert]);
  t.match(await nl.as('HEAD', ['hold', 'show', alert], 1), { err: /not_found/ });
});

t.test('kinds and code lists', async (t) => {
  t.match((await nl.as('ANALYST', ['kind', 'list'])).out, /^KIND +VERSION\nalert +1\.0$/m);
  t.match(JSON.parse((await nl.as('ANALYST', ['kind', 'schema', 'alert'])).out), await nl.json('ANALYST', ['kind', 'schema', 'alert']));
  t.match((await nl.as('ANALYST', ['code-list', 'purpose'])).out, /^CUSTOMS_CONTROL +\w/m);
  t.match(await nl.as('ANALYST', ['code-list', 'nothing'], 1), { err: /not_found/ });
});

t.test('the auditor verifies the logs and reconciles them, with tokens that only files hold', async (t) => {
  const tokens = ['--token-file', nl.token.AUDITOR as string];
  const peer = ['--peer-url', qm.url, '--peer-token-file'];
  const [verified, wrong, reconciled] = await Promise.all([
    command('audit', 'verify', '--config', nl.config, '--thumbprint', nl.thumbprint),
    command('audit', 'verify', '--config', nl.config, '--configuration', qm.configurationFile, ...tokens, '--json'),
    command('audit', 'reconcile', '--config', nl.config, ...peer, qm.token.AUDITOR as string),
  ]);
  t.match(verified, { code: 0, out: /log exchange .* fits [\s\S]*\nverified: \d+ entries/ });
  t.match({ code: wrong.code, ...JSON.parse(wrong.out) }, { code: 1, verified: false });
  t.match(reconciled, { code: 0, out: /nl-cus\.example -> .*\d+ held[\s\S]*the two logs agree$/ });
  t.same(await readdir(temporary), [], 'no token stays behind');
  const nowhere = await entente(['audit', 'reconcile', '--config', nl.config, ...peer, join(base, 'nowhere')]);
  t.match(nowhere, { code: 2, err: /no token of the partner's auditor at/ });
});

t.test('a node that is told to stop ends in order, and its command with it', async (t) => {
  t.equal(await close(nl), 0);
  t.match(await nl.as('ANALYST', ['alert', 'list'], 3), { err: /no answer from/ });
  t.match(await nl.as('ANALYST', ['import', join(base, 'declarations')], 3), { err: /0 of 3 files were taken in before/ });
  t.equal(await close(qm), 0);
});
