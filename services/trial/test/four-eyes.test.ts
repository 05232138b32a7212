import { createClient } from '@entente/client';
import { digestOf } from '@entente/seal';
import { codeList, kinds, type StatementInput } from '@entente/statement';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { tokenOf } from '../src/people.js';
import { until } from '../src/until.js';
import { accessOf, arrangement, codeOf, heldByAll, leavesOf, post, seconds, sighting, startAgencies } from './agencies.js';
import { listen } from './event-listener.js';
import { operations } from './operations.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic'], { single_release: true, clock_interval_seconds: 1 });
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
await introduce(federation.members);
const parties = [customs.agency.id, licensing.agency.id];
const [grant] = arrangement(parties).grants as Record<string, unknown>[];
const grants = [grant, { ...grant, kinds: ['alert'], release: 'second_officer' }];
await agree(federation.members, arrangement(parties, { grants }));
const why = { purpose: 'CUSTOMS_CONTROL', justification: 'Second look at the draft, case 2031-17' };
const checklist = codeList('release-checklist').codes.map(({ code }) => code) as never;

t.test('four eyes: whoever wrote it does not release it; the checklist is kept with the statement and named in the log', async (t) => {
  const canary = 'seen where only officers look';
  const { api } = customs;
  const { draft } = (
    await api.analyst.POST('/v1/drafts', {
      params: { header: { 'idempotency-key': 'four-eyes-draft' } },
      body: { statement: sighting(canary) as never, addressees: [licensing.agency.id] },
    })
  ).data!;
  const { version } = await api.submit(draft, 1, [licensing.agency.id]);
  t.ok(version > 1);
  const path = { path: { id: draft } };
  const byAuthor = api.analyst.POST('/v1/drafts/{id}/release', { params: path, body: { checklist, reason: 'My own.' } });
  t.equal(await codeOf(byAuthor), 'role_forbidden', 'an analyst releases nothing');
  const half = api.releaser.POST('/v1/drafts/{id}/release', {
    params: path,
    body: { checklist: ['NECESSITY'] as never, reason: 'Hurry.' },
  });
  t.equal(await codeOf(half), 'invalid_request', 'every point of the checklist is confirmed by name');
  const { statement } = await api.release(draft, { checklist, reason: 'It fits the arrangement.' }, why);
  const { data } = await api.analyst.GET('/v1/statements/{digest}', { params: { path: { digest: statement } } });
  const act = JSON.parse(data!.release_act!) as Record<string, unknown>;
  t.match(act, { author: 'officer-41', releaser: 'officer-07', reason: 'It fits the arrangement.', checklist });
  const leaf = (await leavesOf(customs)).find(({ op, digest }) => op === 'issued' && digest === statement);
  t.equal(leaf?.ref, digestOf(data!.release_act!), 'its digest is in the log');
  await heldByAll(customs, statement);
});

t.test('ADMIN sees no content: every operation of openapi.yaml, asked with an administrator’s token', async (t) => {
  const canary = 'Kanarienvogel-4711';
  const statement = await post(customs, sighting(canary), [licensing.agency.id]);
  const release = await until('the release', async () => (await customs.api.releases(statement))[0]?.release);
  await heldByAll(customs, statement);
  const begun = await licensing.api.analyst.POST('/v1/drafts', {
    params: { header: { 'idempotency-key': 'canary-draft' } },
    body: { statement: sighting(canary) as never, addressees: [customs.agency.id] },
  });
  const words = { 'entente-purpose': why.purpose, 'entente-justification': why.justification };
  const shown: string[] = [];
  const names: Record<string, string> = { digest: statement, release: release!, id: begun.data!.draft, kind: 'sighting' };
  for (const { method, path, operationId } of operations()) {
    // A stream that never ends, a change of keys that takes a minute, and what would end the exchange that is looked at.
    if (['listenEvents', 'moveHorizon', 'removePeer', 'changePeer'].includes(operationId)) continue;
    const query = operationId === 'previewDraft' ? `?addressee=${encodeURIComponent(customs.agency.id)}` : '';
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? 'x'));
    const ask = async (token: string) => {
      const json = method === 'GET' || method === 'DELETE' ? {} : { 'content-type': 'application/json' };
      const body = { statement: sighting(canary), addressees: parties, words: [canary], format: 'ndjson' };
      const answer = await fetch(`${licensing.agency.url}${filled}${query}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...words, ...json },
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const asAdministrator = await ask(licensing.tokens.administrator);
    t.notMatch(asAdministrator.text, canary, `${operationId} shows an administrator nothing (${asAdministrator.status})`);
    if (method === 'GET' && (await ask(licensing.tokens.analyst)).text.includes(canary)) {
      shown.push(operationId);
      t.equal(asAdministrator.status, 403, `${operationId} shows content, and refuses administrators`);
    }
  }
  t.same(shown.sort(), ['getDraft', 'getStatementContent'], 'the walk has met content where officers see it');
});

t.test('LC-05 nobody but its own administrator changes a node', async (t) => {
  const states = async () => (await licensing.api.peers()).map(({ id, state }) => [id, state]);
  const before = await states();
  const foreign = createClient({ baseUrl: licensing.agency.url, token: customs.tokens.administrator });
  const params = { path: { id: customs.agency.id } };
  t.equal(await codeOf(foreign.PATCH('/v1/peers/{id}', { params, body: { state: 'suspended' } })), 'token_invalid');
  t.equal(await codeOf(foreign.POST('/v1/retention/horizon')), 'token_invalid');
  t.same(await states(), before);
});

const HOURS = 3600;
const limit = 4 * HOURS;

/** Submitted by the officer on duty, who alone is there. */
async function submitted(title: string, urgency = 'IMMEDIATE'): Promise<string> {
  const at = (offset: number) => new Date((seconds() + offset) * 1000).toISOString().replace('.000Z', 'Z');
  const example = kinds.get('alert')!.example;
  const alert = {
    ...example,
    valid_from: at(0),
    valid_until: at(20 * 86_400),
    body: { ...example.body, title, urgency },
  } as StatementInput;
  const { data } = await customs.api.duty.POST('/v1/statements', {
    params: { header: { 'idempotency-key': `alone-${crypto.randomUUID()}` } },
    body: { statement: alert as never, addressees: [licensing.agency.id] },
  });
  return (data as unknown as { draft: string }).draft;
}
const decided = { checklist, reason: 'The ship sails tonight, and nobody else is here.' };
const releaseAlone = async (draft: string, person: 'duty' | 'head' | 'analyst' = 'duty') =>
  (await customs.api[person].POST('/v1/drafts/{id}/single-release', { params: { path: { id: draft } }, body: decided })).data!;
const single = async (digest: string) =>
  (await customs.api.head.GET('/v1/single-releases/{digest}', { params: { path: { digest } } })).data!;
const confirm = (digest: string, person: 'head' | 'releaser' = 'releaser') =>
  customs.api[person].POST('/v1/single-releases/{digest}/confirm', { params: { path: { digest } }, body: decided });
const recallsOf = async (statement: string) =>
  (await customs.api.analyst.GET('/v1/recalls', { params: { query: { own: true } } })).data!.items.filter(
    ({ target }) => target === statement,
  );
const complied = (statement: string) =>
  until('the recall is carried out there', async () =>
    (await recallsOf(statement))[0]?.holders?.every(({ state }) => state === 'COMPLIED') ? true : undefined,
  );
async function restarted(shift: number): Promise<void> {
  await customs.node.kill();
  await federation.restart('nl-cus', { env: { ENTENTE_CLOCK_SHIFT: String(shift) } });
}

t.test('AU-03 one officer releases alone in an emergency: marked, told to all, and confirmed by another before the limit', async (t) => {
  t.equal(await codeOf(releaseAlone(await submitted('Routine matter', 'ROUTINE'))), 'single_release_refused', 'only what is IMMEDIATE');
  const draft = await submitted('Cylinders on the quay');
  t.equal(await codeOf(releaseAlone(draft, 'analyst')), 'role_forbidden');
  t.equal(await codeOf(releaseAlone(draft, 'head')), 'access_denied', 'who is a second officer releases as one');
  const told = listen(
    `${customs.agency.url}/v1/events?event=single_release.pending`,
    { authorization: `Bearer ${customs.tokens.releaser}` },
    (heard) => heard.length > 0,
    () => Promise.resolve(),
  );
  const { statement, confirm_by } = await releaseAlone(draft);
  t.match((await told).heard, [{ data: { statement, code: confirm_by } }]);
  t.equal(Math.round((Date.parse(confirm_by) / 1000 - seconds()) / HOURS), 4);
  await heldByAll(customs, statement);
  t.match(await single(statement), { state: 'undecided', officer: 'officer-24', confirm_by });
  const waiting = (await customs.api.releaser.GET('/v1/single-releases', { params: { query: { state: 'undecided' } } })).data!.items;
  t.match(waiting, [{ statement }]);
  const { data: header } = await customs.api.analyst.GET('/v1/statements/{digest}', { params: { path: { digest: statement } } });
  t.match(header, { single_release: true, author: 'officer-24', releaser: 'officer-24' });
  t.match(JSON.parse(header!.release_act!), { single_release: true, confirm_by, checklist });
  const leaf = (await leavesOf(customs)).find(({ op, digest }) => op === 'issued' && digest === statement);
  t.equal(leaf?.ref, digestOf(header!.release_act!), 'the mark is in the log by its digest');

  const both = createClient({
    baseUrl: customs.agency.url,
    token: await tokenOf(customs.agency, 'officer-24', ['CONTACT_POINT_24_7', 'HEAD']),
  });
  const byHimself = both.POST('/v1/single-releases/{digest}/confirm', { params: { path: { digest: statement } }, body: decided });
  t.equal(await codeOf(byHimself), 'same_person', 'whatever roles he has');
  await confirm(statement);
  t.match(await single(statement), { state: 'confirmed', decided_by: 'officer-07' });
  t.equal(await codeOf(confirm(statement, 'head')), 'conflict');
  const said = (await accessOf(customs))
    .filter(({ object }) => object?.includes(statement))
    .map(({ actor, operation, code }) => [actor, operation, code]);
  t.match(said, [
    ['officer-24', 'DISCLOSE', 'single_release'],
    ['officer-24', 'REFUSED', 'same_person'],
    ['officer-07', 'ALTER', 'confirmed'],
  ]);
});

t.test('AU-03 what another officer rejects is recalled at once as sent in error', async (t) => {
  const { statement } = await releaseAlone(await submitted('Valves in the wrong container'));
  await heldByAll(customs, statement);
  const params = { path: { digest: statement } };
  await customs.api.head.POST('/v1/single-releases/{digest}/reject', { params, body: { reason: 'Another container is meant.' } });
  await complied(statement);
  const [recall] = await recallsOf(statement);
  t.match(await single(statement), { state: 'rejected', decided_by: 'officer-01', recall: recall!.statement });
  t.equal(await codeOf(licensing.api.content(statement, why)), 'recalled');
  t.match((await licensing.api.content(recall!.statement, why)).body, { reason: 'SENT_IN_ERROR', effect: 'ERASE' });
});

t.test('AU-03 the limit is kept by a node that was killed before it and came back after it, and once', async (t) => {
  const { statement } = await releaseAlone(await submitted('Pumps, nobody answers the telephone'));
  await heldByAll(customs, statement);
  await restarted(limit + HOURS);
  await complied(statement);
  t.match(await single(statement), { state: 'lapsed', recall: (await recallsOf(statement))[0]!.statement });
  t.notOk((await single(statement)).decided_by);
  t.equal(await codeOf(confirm(statement)), 'conflict', 'nobody confirms it any more');
  await restarted(limit + HOURS);
  t.equal((await recallsOf(statement)).length, 1);
  const ops = (await leavesOf(customs)).filter(({ ref }) => ref === statement).map(({ op }) => op);
  t.same(
    ops.filter((op) => op === 'recalled'),
    ['recalled'],
  );
});

t.test('AU-03 F30 after the limit nobody confirms, and nothing leaves, also while the recall cannot go out', async (t) => {
  const suspended = (state: 'active' | 'suspended') =>
    customs.api.administrator.PATCH('/v1/peers/{id}', { params: { path: { id: licensing.agency.id } }, body: { state } });
  await licensing.node.stop();
  const { statement } = await releaseAlone(await submitted('Bearings, while the partner is away'));
  await suspended('suspended');
  await restarted(2 * (limit + HOURS));
  await until('the limit has passed', async () => ((await single(statement)).state === 'overdue' ? true : undefined));
  t.equal(await codeOf(confirm(statement)), 'too_late');
  await suspended('active');
  await federation.restart('de-lic');
  await complied(statement);
  t.equal((await single(statement)).state, 'lapsed');
  t.equal((await customs.api.releases(statement))[0]!.delivery, 'WITHDRAWN', 'it never left');
});
