/** Persons who ask what is held about them: at a holder, whose originator decides what they are told. */
import { join } from 'node:path';
import { codesOf, kinds, type StatementInput } from '@entente/statement';
import pg from 'pg';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { programs, runProgram } from '../src/programs.js';
import { until } from '../src/until.js';
import { accessOf, arrangement, codeOf, heldByAll, seconds, startAgencies } from './agencies.js';

const federation = await startAgencies(t, ['nl-cus', 'qm-cus'], { clock_interval_seconds: 1 });
const [originator, holder] = ['nl-cus', 'qm-cus'].map((name) => federation.member(name)) as [Member, Member];
await introduce(federation.members);
const [grant] = arrangement([]).grants as object[];
const ids = federation.members.map(({ agency }) => agency.id);
const talk = { from: ids, to: ids, kinds: ['alert', 'consent_request', 'consent'], classes: ['N0', 'N1', 'C1', 'P1'] };
await agree(federation.members, arrangement(ids, { grants: [{ ...grant, ...talk }] }));

const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test answers a person who asks about himself' };
const header = { 'entente-purpose': why.purpose, 'entente-justification': why.justification };
const at = (offset: number) => `${new Date((seconds() + offset) * 1000).toISOString().slice(0, 19)}Z`;
const day = 86_400;
const patience = 120;
const { dpo, head } = holder.api;

async function released(member: Member, draft: string): Promise<string> {
  const { statement } = await member.api.release(draft, { checklist: codesOf('release-checklist') as never, reason: 'Looked at' }, why);
  await heldByAll(member, statement, patience);
  return statement;
}
const draftOf = ({ data }: { data?: unknown }) => (data as { draft: string }).draft;

/** What an officer of the originator types; the answer of the node. */
async function typed(...words: string[]): Promise<{ data: unknown }> {
  const configuration = join(originator.agency.folder, 'entente.json');
  const { stdout } = await runProgram(programs.cli, [...words, '--config', configuration, '--json']);
  return { data: JSON.parse(stdout) };
}

/** An alert that names a natural person; personal data are released by a second officer. */
async function alertOn(name: string): Promise<string> {
  const { body, ...example } = structuredClone(kinds.get('alert')!.example);
  const person = { id: 'P1', party_kind: 'NATURAL', roles: ['DIRECTOR'], confidence: 'PROBABLE', subject_category: 'SUSPECT' };
  const parties = [{ ...person, names: [{ value: name, type: 'PRIMARY' }] }];
  const justified = { entry_threshold_statement: 'Signed the certificate that is in doubt.', review_by: at(20 * day).slice(0, 10) };
  const statement = {
    ...example,
    valid_from: at(0),
    valid_until: at(25 * day),
    body: { ...body, ...justified, parties },
  } as StatementInput;
  const posted = await originator.api.post(
    { statement: statement as never, addressees: [holder.agency.id] },
    `alert-${crypto.randomUUID()}`,
  );
  return await released(originator, (posted as { draft: string }).draft);
}

const path = (id: string) => ({ path: { id } });
async function register(right: string, names: string[], change: object = {}): Promise<string> {
  const asked = { right, channel: 'LETTER', identity: 'CHECKED', subject: { names }, asks: `${names[0]} asks for what is his`, ...change };
  return (await dpo.POST('/v1/subject-requests', { body: asked as never })).data!.id;
}
const shown = async (id: string) => (await dpo.GET('/v1/subject-requests/{id}', { params: { ...path(id), header } })).data!;
const search = async (id: string) => (await dpo.POST('/v1/subject-requests/{id}/search', { params: { ...path(id), header } })).data!.found;
const compare = (id: string, digest: string, concerns = true) =>
  dpo.PUT('/v1/subject-requests/{id}/findings/{digest}', { params: { path: { id, digest } }, body: { concerns } });
const compose = (id: string, body: object) => dpo.PUT('/v1/subject-requests/{id}/answer', { params: path(id), body: body as never });
const confirm = (id: string, by = head) => by.POST('/v1/subject-requests/{id}/answer/confirmation', { params: path(id) });
const neither = { outcome: 'NEITHER_CONFIRM_NOR_DENY', ground: 'RG07' };
const refer = async (id: string, digest: string, body: object = {}) =>
  (await dpo.POST('/v1/subject-requests/{id}/findings/{digest}/referral', { params: { path: { id, digest } }, body })).data!;
const findingOf = async (id: string, statement: string) => (await shown(id)).findings.find((one) => one.statement.digest === statement)!;

/** Searched, compared, and its originator asked: the question, once the originator has it. */
async function asked(id: string, statement: string, body: object = {}): Promise<string> {
  await search(id);
  await compare(id, statement);
  return await released(holder, (await refer(id, statement, body)).draft!);
}
async function decide(digest: string, body: object): Promise<void> {
  const params = { path: { digest }, header };
  await released(
    originator,
    draftOf(await originator.api.analyst.POST('/v1/onward/requests/{digest}/decision', { params, body: body as never })),
  );
}

t.test('DP-09 DP-10 AU-12 a person asks the holder; the originator lets him be told, and corrects; two people answer', async (t) => {
  const name = 'Ilse Demopoulos';
  const [statement, other] = [await alertOn(name), await alertOn(name)];
  const id = await register('RECTIFICATION', ['Demopoulou Ilsebill', name], { identity: 'UNCHECKED' });
  t.equal(await codeOf(search(id)), 'conflict', 'nobody is searched for before it is known who asks');
  await dpo.PUT('/v1/subject-requests/{id}/identity', { params: path(id), body: { identity: 'CHECKED', note: 'Passport seen' } });
  t.equal(await search(id), 2);
  t.equal(await codeOf(compose(id, neither)), 'conflict', 'DP-08 somebody compares first');
  await compare(id, statement);
  await compare(id, other, false);
  t.equal(await codeOf(compose(id, { outcome: 'NOTHING_HELD' })), 'conflict', 'the originator is asked first');

  const referral = await refer(id, statement);
  t.match(referral, { telling: 'waits_for_originator', consultation: 'AWAITING_RELEASE' }, 'his name leaves by a second officer');
  const question = await released(holder, referral.draft!);
  t.match(await findingOf(id, statement), { consultation: 'OPEN', referral: question });
  t.match(await findingOf(id, other), { telling: 'unrelated' }, 'a namesake');
  t.equal(await codeOf(compose(id, neither)), 'conflict', 'while the originator has time, nothing is said');
  const { data } = await originator.api.analyst.GET('/v1/onward/requests', { params: { query: { own: false }, header } });
  t.match(
    data!.items.find((item) => item.request === question),
    { consent_kind: 'DISCLOSE_TO_SUBJECT', right: 'RECTIFICATION', subject: `Demopoulou Ilsebill; ${name}`, claim: /asks for what is his/ },
  );

  const told = ['--field', '/body/parties', '--conditions', 'Not of the goods.'];
  await released(
    originator,
    draftOf(await typed('onward', 'consent', question, ...told, '--purpose', why.purpose, '--justification', why.justification)),
  );
  t.match(await findingOf(id, statement), {
    telling: 'may_be_told',
    told: ['/body/parties'],
    conditions: 'Not of the goods.',
    measures: [],
  });
  const answer = { outcome: 'GRANTED', text: 'Your name is spelt rightly now.', discloses: [statement] };
  t.equal(await codeOf(compose(id, answer)), 'conflict', 'nothing is set right yet');
  const field = '/body/parties/0/names/0/value';
  const elsewhere = originator.api.analyst.POST('/v1/statements/{digest}/correction', {
    params: { path: { digest: statement } },
    body: { reason: 'DATA_SUBJECT_RIGHT', changes: [{ field }], follows: statement },
  });
  t.equal(await codeOf(elsewhere), 'not_found', 'what it follows from is a question about it');
  const right = ['--reason', 'DATA_SUBJECT_RIGHT', '--field', `${field}=Ilse Dimopoulou`, '--follows', question];
  const correction = await released(originator, draftOf(await typed('correct', statement, ...right)));
  const measures = [{ type: 'corrects', by: correction, in_answer: true }];
  t.match(await findingOf(id, statement), { measures });

  await compose(id, answer);
  t.equal(await codeOf(confirm(id, dpo)), 'same_person');
  await compare(id, other, false);
  t.equal(await codeOf(confirm(id)), 'conflict', 'what is changed beneath an answer takes it back');
  await compose(id, answer);
  await confirm(id);
  t.match(await shown(id), { state: 'answered', standing: 'ANSWERED', outcome: 'GRANTED', answer: { text: answer.text } });
  t.equal(await codeOf(compose(id, neither)), 'conflict', 'answered once');

  t.equal(await codeOf(holder.api.analyst.GET('/v1/subject-requests/{id}', { params: { ...path(id), header } })), 'role_forbidden');
  t.equal(await codeOf(holder.api.administrator.GET('/v1/subject-requests')), 'role_forbidden');
  const listed = (await holder.api.auditor.GET('/v1/subject-requests')).data!.items;
  t.match(listed, [{ id, right: 'RECTIFICATION', composed_by: 'officer-11', confirmed_by: 'officer-01' }]);
  const log = await accessOf(holder);
  t.match(
    log.filter(({ object }) => object === `subject request ${id}`).map(({ operation, code }) => [operation, code ?? '']),
    [['COLLECT'], ['ALTER', 'identity'], ['SEARCH']],
  );
  t.ok(log.some((entry) => entry.operation === 'SEARCH' && entry.object === `subject request ${id}` && entry.purpose === why.purpose));
  t.ok(
    log.some((entry) => entry.operation === 'DISCLOSE' && entry.object === statement),
    'DP-13 what he was told stands in the log',
  );
  t.notMatch(JSON.stringify([listed, log]), /Demopoulo|Ilse/, 'who asks stands in no list and no log');
  t.same(await inClear('Demopoulo'), [], 'and in no row');
});

t.test(
  'DP-09 F27 the originator refuses, or does not answer, or cannot be asked: neither confirmed nor denied, in the same words',
  async (t) => {
    const [refused, lapsed, alone] = [await alertOn('Veit Aalto'), await alertOn('Gerda Nilsson'), await alertOn('Odo Maier')];
    const first = await register('ACCESS', ['Veit Aalto']);
    await decide(await asked(first, refused), { decision: 'REFUSED', refusal: 'RG07' });
    t.match(await findingOf(first, refused), { telling: 'not_to_be_told', consultation: 'REFUSED', refusal: 'RG07' });
    t.equal(await codeOf(compose(first, { outcome: 'REFUSED', ground: 'RG07', text: 'No.' })), 'conflict', 'a refusal would confirm');
    t.equal(await codeOf(compose(first, { outcome: 'GRANTED', text: 'This.', discloses: [refused] })), 'conflict');
    t.equal(
      await codeOf(compose(first, { ...neither, text: 'I say no more.' })),
      'invalid_request',
      'nobody finds words of his own for it',
    );

    const second = await register('ERASURE', ['Gerda Nilsson']);
    await asked(second, lapsed, { reply_by: at(4) });
    await until('the question lapses', async () => (await findingOf(second, lapsed)).consultation === 'LAPSED' || undefined, patience);

    const third = await register('ACCESS', ['Odo Maier']);
    await search(third);
    await compare(third, alone);
    const peer = (state: 'active' | 'suspended') =>
      holder.api.administrator.PATCH('/v1/peers/{id}', { params: { path: { id: originator.agency.id } }, body: { state } });
    await peer('suspended');
    t.match(await refer(third, alone), { telling: 'not_to_be_told', consultation: 'UNREACHABLE', unreachable: 'no_active_partner' });
    await peer('active');

    t.equal(await codeOf(register('ACCESS', ['Nemo', '. -'])), 'invalid_request', 'a name that nothing could be found by');
    const nobody = await register('ACCESS', ['Nemo Nusquam']);
    t.equal(await search(nobody), 0);
    const texts = new Set<string>();
    for (const id of [first, second, third, nobody]) {
      await compose(id, neither);
      await confirm(id);
      texts.add((await shown(id)).answer!.text);
    }
    t.equal(texts.size, 1, 'whether something is held or nothing');
  },
);

t.test('AU-12 the legal time is watched: listed, told to who subscribed, extended once', async (t) => {
  const late = await register('OBJECTION', ['Spät Dran'], { received_at: at(-40 * day) });
  const due = async () =>
    (await holder.api.auditor.GET('/v1/subject-requests', { params: { query: { due_within_days: 0 } } })).data!.items.map(
      ({ id, standing }) => ({ id, standing }),
    );
  t.same(await due(), [{ id: late, standing: 'OVERDUE' }]);
  const extend = (id: string) =>
    dpo.POST('/v1/subject-requests/{id}/extension', { params: path(id), body: { reason: 'Three originators are asked.' } });
  t.equal(await codeOf(extend(late)), 'conflict', 'not once it is over');
  t.equal(await codeOf(register('ACCESS', ['Noch Nicht'], { received_at: at(day) })), 'invalid_request');

  const id = await register('ACCESS', ['Rolf Recht']);
  const before = Date.parse((await shown(id)).due_at);
  const { data } = await extend(id);
  t.ok(data!.extended && Date.parse(data!.due_at) > before + 50 * day * 1000);
  t.equal(await codeOf(extend(id)), 'conflict', 'not twice');
  t.same(await due(), [{ id: late, standing: 'OVERDUE' }]);
  await until('it is said that one is overdue', async () => (await noticed(late)) || undefined, patience);

  await compose(late, { outcome: 'WITHDRAWN' });
  await confirm(late);
  t.match(await shown(late), { standing: 'ANSWERED_LATE' });
  t.same(await due(), []);
});

async function rows(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(holder.agency.databaseUrl.owner);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
/** Rows of the register that hold the words, as text or as bytes. */
async function inClear(words: string): Promise<unknown[]> {
  const hex = Buffer.from(words).toString('hex');
  const all = await rows('SELECT r::text AS row FROM subject_request r UNION ALL SELECT f::text FROM subject_finding f');
  return all.filter(({ row }) => String(row).includes(words) || String(row).includes(hex));
}
const noticed = async (id: string) =>
  (await rows(`SELECT code FROM notice WHERE event = 'subject_request.due'`)).some(({ code }) => String(code).startsWith(`${id} OVERDUE`));
