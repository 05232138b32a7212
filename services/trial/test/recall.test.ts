import type { StatementInput } from '@entente/statement';
import t from 'tap';
import { agree } from '../src/agreement.js';
import type { Member } from '../src/federation.js';
import { introduce } from '../src/federation.js';
import { recallBy, releasedBySecond } from '../src/recalling.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, heldByAll, leavesOf, post, sighting, startAgencies } from './agencies.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic', 'qm-cus'], { clock_interval_seconds: 1 });
const [customs, licensing, merovia] = ['nl-cus', 'de-lic', 'qm-cus'].map((name) => federation.member(name)) as [Member, Member, Member];
const parties = federation.members.map((m) => m.agency.id);
await introduce(federation.members);
await agree(federation.members, arrangement(parties));
const partners = [licensing.agency.id, merovia.agency.id];
const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test looks whether what was recalled is still used' };

const recalls = async (member: Member) => (await member.api.analyst.GET('/v1/recalls', { params: { query: { limit: 100 } } })).data!.items;
const recallAt = async (member: Member, statement: string) => (await recalls(member)).find((r) => r.statement === statement);
const answeredBy = (member: Member, statement: string, holder: Member, state = 'COMPLIED') =>
  until(`${holder.agency.name} answers with ${state}`, async () =>
    (await recallAt(member, statement).catch(() => undefined))?.holders?.some((h) => h.holder === holder.agency.id && h.state === state)
      ? true
      : undefined,
  );
const searched = async (member: Member, word: string) =>
  (
    await member.api.analyst.POST('/v1/statements/search', {
      params: { header: { 'entente-purpose': why.purpose, 'entente-justification': why.justification } },
      body: { words: [word] } as never,
    })
  ).data!.items.map((s) => s.digest);
const reading = (member: Member, statement: string) => codeOf(member.api.content(statement, why));
const stateOf = async (member: Member, statement: string) =>
  (await member.api.analyst.GET('/v1/statements/{digest}', { params: { path: { digest: statement } } })).data!.state;
const telling = (text: string): StatementInput => sighting('Seals agree with the list', { circumstances: text, narrative_class: 'N0' });

t.test('F09 OC-04 OC-05 a recall reaches every holder, ends the use, is answered, and leaves a log that verifies', async (t) => {
  const statement = await post(customs, telling('Alpha quokka consignment'), partners);
  await heldByAll(customs, statement);
  t.same(await searched(merovia, 'quokka'), [statement]);
  t.equal(await codeOf(recallBy(merovia, statement)), 'not_originator', 'nobody else can');
  const said = await recallBy(customs, statement);
  for (const holder of [licensing, merovia]) await answeredBy(customs, said, holder);
  for (const holder of [licensing, merovia]) {
    t.equal(await reading(holder, statement), 'recalled');
    t.equal(await stateOf(holder, statement), 'RECALLED');
    t.same(await searched(holder, 'quokka'), []);
    t.match(await recallAt(holder, said), { own: false, outcome: 'COMPLIED', originator: customs.agency.id });
    t.notOk((await recallAt(holder, said))?.holders, 'who else holds it is for the originator to know');
    const erasures = (await holder.api.analyst.GET('/v1/statements/{digest}/erasures', { params: { path: { digest: statement } } })).data!
      .items;
    t.equal(erasures.length, 1);
    t.notOk(erasures[0]?.no_copy_after, 'a backup of yesterday could still give it back');
  }
  t.equal(await reading(customs, statement), 'recalled', 'the originator obeys himself');
  const ops = (await leavesOf(merovia))
    .filter((leaf) => leaf.digest === said || leaf.ref === said || leaf.digest === statement)
    .map((leaf) => leaf.op);
  for (const op of ['received', 'recalled', 'erased', 'complied']) t.ok(ops.includes(op as never), op);
  t.ok((await leavesOf(customs)).some((leaf) => leaf.op === 'complied' && leaf.peer === merovia.agency.id && leaf.ref === said));
});

t.test('F09 F30 one holder is offline: what waited for it does not leave, and on its return nothing is used first', async (t) => {
  const before = await post(customs, telling('Bravo numbat consignment'), partners);
  await heldByAll(customs, before);
  await merovia.node.stop();
  const waiting = await post(customs, telling('Charlie bilby consignment'), partners);
  const said = [await recallBy(customs, before), await recallBy(customs, waiting)];
  for (const one of said) await answeredBy(customs, one, licensing);
  t.match(
    (await recallAt(customs, said[0]!))!.holders!.find((h) => h.holder === merovia.agency.id),
    { state: 'PENDING', delivered: false },
    'still owes an answer',
  );
  await federation.restart('qm-cus');
  for (const one of said) await answeredBy(customs, one, merovia);
  t.equal(await reading(merovia, before), 'recalled');
  t.equal(await reading(merovia, waiting), 'not_found', 'it never came');
  t.same(await searched(merovia, 'bilby'), []);
  t.match(await recallAt(merovia, said[1]!), { outcome: 'NEVER_STORED' });
  const voided = (await customs.api.releases(waiting)).find((r) => r.addressee === merovia.agency.id)!;
  t.match(voided, { state: 'void', delivery: 'WITHDRAWN' });
});

t.test('F09 a recall that comes first waits for its target, which is then not kept', async (t) => {
  const statement = await post(customs, telling('Delta potoroo consignment'), [licensing.agency.id]);
  await heldByAll(customs, statement);
  await merovia.node.stop();
  await customs.api.releaser.POST('/v1/statements/{digest}/releases', {
    params: { path: { digest: statement } },
    body: { addressees: [merovia.agency.id], reason: 'They asked for it' },
  } as never);
  const said = await recallBy(customs, statement, { effect: 'STOP_USE' });
  await federation.restart('qm-cus');
  await answeredBy(customs, said, merovia);
  t.equal(
    await codeOf(
      customs.api.releaser.POST('/v1/statements/{digest}/releases', {
        params: { path: { digest: statement } },
        body: { addressees: [merovia.agency.id], reason: 'They asked for it' },
      } as never),
    ),
    'recalled',
    'and it is released to nobody any more',
  );
  t.equal(await reading(licensing, statement), 'recalled', 'stopped, not erased');
  t.same(
    (await licensing.api.analyst.GET('/v1/statements/{digest}/erasures', { params: { path: { digest: statement } } })).data!.items,
    [],
  );
});

t.test('F09 parts of a statement are recalled: the rest is used on, under the same signature', async (t) => {
  const statement = await post(customs, telling('Echo wombat consignment'), partners);
  await heldByAll(customs, statement);
  const said = await recallBy(customs, statement, { fields: ['/body/circumstances'], reason: 'FACTUALLY_WRONG' });
  for (const holder of [licensing, merovia]) await answeredBy(customs, said, holder);
  for (const member of federation.members) {
    const { body, header } = await member.api.content(statement, why);
    t.notOk((body as { circumstances?: string }).circumstances, member.agency.name);
    t.equal((body as { differences?: string }).differences, 'Seals agree with the list');
    t.equal(header.state, 'IN_FORCE');
    t.match(header.reversals, [{ type: 'recalls', by: said, whole: false }]);
    t.same(await searched(member, 'wombat'), []);
  }
  t.equal(await codeOf(recallBy(customs, statement, { fields: ['/body/nothing'] })), 'invalid_request');
});

t.test('a correction is shown with what it corrects', async (t) => {
  const statement = await post(customs, telling('Foxtrot echidna consignment'), partners);
  await heldByAll(customs, statement);
  const { data } = await customs.api.analyst.POST('/v1/statements/{digest}/correction', {
    params: { path: { digest: statement } },
    body: { reason: 'FACTUALLY_WRONG', changes: [{ field: '/body/differences', value: 'Seals differ from the list' }] },
  } as never);
  const said =
    'draft' in data!
      ? await releasedBySecond(customs, (data as unknown as { draft: string }).draft)
      : (data as unknown as { statement: string }).statement;
  await answeredBy(customs, said, merovia);
  const { header } = await merovia.api.content(statement, why);
  t.match(header, { state: 'IN_FORCE', reversals: [{ type: 'corrects', by: said }] });
  const correction = await merovia.api.content(said, why);
  t.match(correction.body, { changes: [{ field: '/body/differences', value: 'Seals differ from the list' }] });
  const thread = (
    await merovia.api.analyst.GET('/v1/statements/{digest}/thread', {
      params: { path: { digest: statement }, header: { 'entente-purpose': why.purpose, 'entente-justification': why.justification } },
    } as never)
  ).data as unknown as { items: { header: { digest: string } }[] };
  t.ok(thread.items.some((item) => item.header.digest === said));
});
