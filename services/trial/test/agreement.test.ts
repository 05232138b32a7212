import t from 'tap';
import { countersign, heldAgreement, propose, takeStep } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, heldByAll, leavesOf, post, sighting, startAgencies } from './agencies.js';

// One federation; each subtest makes an agreement of its own, so that none depends on what another has stopped.
const federation = await startAgencies(t, ['nl-cus', 'de-lic', 'qm-cus'], { long_poll_seconds: 5 });
const [customs, licensing, merovia] = ['nl-cus', 'de-lic', 'qm-cus'].map((name) => federation.member(name)) as [M, M, M];
type M = ReturnType<typeof federation.member>;
await introduce(federation.members);
const both = [customs.agency.id, licensing.agency.id];
const all = [...both, merovia.agency.id];

const stateAt = async (member: M, digest: string, party: M) =>
  (await heldAgreement(member, digest))?.standing.find((one) => one.party === party.agency.id)?.state;
const becomes = (member: M, digest: string, party: M, state: string) =>
  until(`${digest} ${state} at ${member.agency.name}`, async () => ((await stateAt(member, digest, party)) === state ? true : undefined));
const refusal = (sender: M, to: M, words: string) => codeOf(post(sender, sighting(words), [to.agency.id]));

t.test('F27 silence is no countersignature: nothing leaves under what one side alone has signed', async (t) => {
  const digest = await propose(customs, arrangement(both));
  await until('the proposal', () => heldAgreement(licensing, digest));
  t.equal(await stateAt(customs, digest, licensing), 'proposed');
  t.equal(await stateAt(licensing, digest, customs), 'proposed');
  t.equal(await refusal(customs, licensing, 'under a proposal'), 'nothing_released');
  t.equal(await refusal(licensing, customs, 'under a proposal, backwards'), 'nothing_released');
  await countersign(licensing, digest);
  await becomes(customs, digest, licensing, 'in_force');
  const statement = await post(customs, sighting('under what both have signed'), [licensing.agency.id]);
  await heldByAll(customs, statement);
  t.equal(await codeOf(takeStep(licensing, digest, 'countersign')), 'agreement_state', 'once is enough');
  await takeStep(customs, digest, 'denounce');
});

t.test('a new version replaces the old one between those who have both signed it, and nobody else', async (t) => {
  const first = arrangement(all);
  const digest = await propose(customs, first);
  for (const other of [licensing, merovia]) await countersign(other, digest);
  for (const other of [licensing, merovia]) await becomes(customs, digest, other, 'in_force');
  const next = { ...first, version: 2, supersedes: digest, grants: [] };
  const later = await propose(customs, next);
  await countersign(merovia, later);
  await becomes(customs, digest, merovia, 'replaced');
  t.equal(await stateAt(customs, digest, licensing), 'in_force', 'licensing has not signed the second');
  await becomes(merovia, digest, licensing, 'in_force');
  t.equal(await refusal(customs, merovia, 'under grants that are empty now'), 'nothing_released', 'F07 an empty grant releases to nobody');
  await heldByAll(customs, await post(customs, sighting('under the first version'), [licensing.agency.id]));
  t.equal(await codeOf(propose(customs, { ...first, title: 'The same version again' })), 'agreement_state', 'one version, one text');
  await takeStep(customs, digest, 'denounce');
});

t.test(
  'F30 queued, then suspended: it does not leave, its position is void, the feed still verifies; a resumption brings nothing back',
  async (t) => {
    const digest = await propose(customs, arrangement(both));
    await countersign(licensing, digest);
    await becomes(customs, digest, licensing, 'in_force');
    await licensing.node.stop();
    const statement = await post(customs, sighting('queued before the suspension'), [licensing.agency.id]);
    await takeStep(customs, digest, 'suspend');
    t.equal(await refusal(customs, licensing, 'while suspended'), 'nothing_released');
    await federation.restart('de-lic');
    await until('the void note', async () => ((await customs.api.releases(statement))[0]?.state === 'void' ? true : undefined));
    await becomes(licensing, digest, customs, 'suspended');
    await takeStep(customs, digest, 'resume');
    await becomes(licensing, digest, customs, 'in_force');
    const after = await post(customs, sighting('after the resumption'), [licensing.agency.id]);
    await heldByAll(customs, after);
    t.notOk(
      (await licensing.api.inbox()).some((item) => item.statement?.digest === statement),
      'it never left',
    );
    await until('a whole feed', async () => {
      const { data } = await licensing.api.administrator.GET('/v1/feeds');
      return data!.items.find(({ peer }) => peer === customs.agency.id)?.incoming.complete ? true : undefined;
    });
    await takeStep(customs, digest, 'denounce');
  },
);

t.test('F30 a denunciation ends it at once, is answered with the last positions, and stands in the log of both', async (t) => {
  const digest = await propose(customs, arrangement(both));
  await countersign(licensing, digest);
  await becomes(customs, digest, licensing, 'in_force');
  await heldByAll(customs, await post(customs, sighting('before the denunciation'), [licensing.agency.id]));
  await licensing.node.stop();
  const queued = await post(customs, sighting('queued before the denunciation'), [licensing.agency.id]);
  await takeStep(customs, digest, 'denounce');
  t.equal(await codeOf(takeStep(customs, digest, 'resume')), 'agreement_state', 'a denunciation is final');
  await federation.restart('de-lic');
  await until('the void note', async () => ((await customs.api.releases(queued))[0]?.state === 'void' ? true : undefined));
  await becomes(licensing, digest, customs, 'denounced');
  t.equal(await refusal(licensing, customs, 'after the denunciation'), 'nothing_released');
  const signedActs = async ({ api }: M) =>
    (await api.auditor.GET('/audit/v1/configuration')).data!.agreements.find((one) => one.digest === digest)!.acts;
  await until('the answer', async () => ((await signedActs(customs)).length === 2 ? true : undefined));
  t.same(await signedActs(customs), await signedActs(licensing), 'both hold the denunciation and its answer');
  for (const member of [customs, licensing]) {
    const leaves = (await leavesOf(member)).filter(({ op, ref, digest: named }) => op === 'agreement' && (ref ?? named) === digest);
    t.ok(
      leaves.some((leaf) => leaf.ref === digest),
      `${member.agency.name} has logged the denunciation`,
    );
  }
});
