/** A node whose clock is wrong exchanges with one whose clock is right. */
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, post, seconds, sighting, startAgencies } from './agencies.js';

const DAY = 86_400;
const federation = await startAgencies(t, ['nl-cus', 'de-lic']);
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
await introduce(federation.members);
await agree(federation.members, arrangement([customs.agency.id, licensing.agency.id], { expires: seconds() + 30 * DAY }));

async function setClock(days: number): Promise<void> {
  await customs.node.stop();
  await federation.restart('nl-cus', { env: { ENTENTE_CLOCK_SHIFT: String(days * DAY) } });
}
const inboxItem = async (release: string) =>
  (await licensing.api.analyst.GET('/v1/inbox/{release}', { params: { path: { release } } }).catch(() => undefined))?.data;

t.test('F14 clocks that differ by a day either way: the exchange goes on in both directions', async (t) => {
  await setClock(1);
  const ahead = await post(customs, sighting('a day ahead'), [licensing.agency.id]);
  const behind = await post(licensing, sighting('a day behind'), [customs.agency.id]);
  await heldByAll(customs, ahead);
  await heldByAll(licensing, behind);
  t.match(await customs.api.releases(ahead), [{ state: 'held' }]);
  t.match(await licensing.api.releases(behind), [{ state: 'held' }]);
});

t.test('F14 a clock that is set back puts nothing out of order', async (t) => {
  await setClock(0);
  const later = await post(customs, sighting('said later, dated earlier'), [licensing.agency.id]);
  await heldByAll(customs, later);
  const feed = await until('the page', async () => {
    const { incoming } = (await licensing.api.administrator.GET('/v1/feeds')).data!.items[0]!;
    return incoming.last === 2 ? incoming : undefined;
  });
  t.match(feed, { complete: true, missing: [] });
  t.match(await customs.api.releases(later), [{ position: 2 }], 'positions follow the order of the acts');
});

t.test('F14 beyond two days: said in words, kept, and judged again when the clock is right', async (t) => {
  await setClock(3);
  const tooFar = await post(customs, sighting('three days ahead'), [licensing.agency.id]);
  const fromBehind = await post(licensing, sighting('three days behind'), [customs.agency.id]);
  await heldByAll(licensing, fromBehind);
  const [release] = await customs.api.releases(tooFar);
  const item = await until('it is judged', () => inboxItem(release!.release));
  t.match(item, { verdict: 'quarantined', code: 'ahead_of_time' });
  const { items } = (await licensing.api.administrator.GET('/v1/quarantine', { params: { query: {} } })).data!;
  t.match(items, [{ release: release!.release, code: 'ahead_of_time' }]);
  t.match(items[0]!.reason, /dated 3 days after the clock of this node/);

  await licensing.node.stop();
  await federation.restart('de-lic', { env: { ENTENTE_CLOCK_SHIFT: String(2 * DAY) } });
  const again = { params: { path: { release: release!.release } } };
  t.match((await licensing.api.administrator.POST('/v1/quarantine/{release}/retry', again)).data, { verdict: 'held' });
});
