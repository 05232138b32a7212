import t from 'tap';
import { countersign, heldAgreement, propose, takeStep } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, heldByAll, post, sighting, startAgencies } from './agencies.js';

// One federation; each subtest makes an agreement of its own, so that none depends on what another has stopped.
const federation = await startAgencies(t, ['nl-cus', 'de-lic', 'qm-cus'], { long_poll_seconds: 5 });
const [customs, licensing] = ['nl-cus', 'de-lic'].map((name) => federation.member(name)) as [M, M];
type M = ReturnType<typeof federation.member>;
await introduce(federation.members);
const both = [customs.agency.id, licensing.agency.id];

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
