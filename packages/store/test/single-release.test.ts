import pg from 'pg';
import t from 'tap';
import type { Act, Store } from '../src/index.js';
import { issue, peerA } from './acts.js';
import { startTestServer } from './database.js';

const server = await startTestServer();
t.teardown(() => server.stop());
const database = await server.database();
const store = await database.open();
const limit = 4 * 3600;

/** Written and released by one, where two were asked for. */
function alone(change: Partial<Act> = {}): Act & { of: string } {
  const act = issue([peerA]);
  const of = act.statements![0]!.digest;
  const said = { secondOfficer: true, singleRelease: of, author: 'officer-24' };
  return {
    ...act,
    of,
    statements: act.statements!.map((one) => ({ ...one, ...said, releaser: 'officer-24' })),
    releases: act.releases!.map((one) => ({ ...one, ...said, by: 'officer-24' })),
    singleReleases: [{ statement: of, kind: 'alert', officer: 'officer-24', confirmBy: database.clock.now + limit }],
    ...change,
  };
}
const confirmed = (statement: string, by = 'officer-07'): Act => ({
  singleReleaseDecisions: [{ statement, outcome: 'confirmed', by, act: '{}' }],
});
const released = async (act = alone()): Promise<string> => {
  await store.commit(act);
  return act.of;
};

t.test('AU-03 four eyes: one alone releases nothing, unless it stands open for a second officer', async (t) => {
  const act = alone();
  await t.rejects(store.commit({ ...act, singleReleases: [] }), 'nowhere noted');
  const other = await released();
  await store.commit(confirmed(other));
  const borrowed = act.statements!.map((one) => ({ ...one, singleRelease: other }));
  await t.rejects(store.commit({ ...act, statements: borrowed }), 'under the note of another statement');
  const draft = { id: 'draft-1', kind: 'alert', author: 'officer-24', unit: 'U', addressees: [], open: 0, decidedBy: 'officer-24' };
  await store.commit({ drafts: [{ ...draft, expectVersion: 0, state: 'submitted' }] });
  const release = (singleRelease?: string) =>
    store.commit({
      drafts: [{ ...draft, expectVersion: 1, state: 'released', statement: other, ...(singleRelease && { singleRelease }) }],
    });
  await t.rejects(release());
  await release(other);
});

t.test('AU-03 who confirms is another person, in time, and decides once', async (t) => {
  const statement = await released();
  await t.rejects(store.commit(confirmed(statement, 'officer-24')), 'not who released it');
  await store.commit(confirmed(statement));
  t.match(await store.singleRelease(statement), { outcome: 'confirmed', decidedBy: 'officer-07', decidedAt: database.clock.now });
  await t.rejects(store.commit(confirmed(statement, 'officer-08')), { code: 'version_conflict' });
  const client = new pg.Client(database.applicationUrl);
  await client.connect();
  t.teardown(() => client.end());
  await t.rejects(client.query(`UPDATE single_release SET outcome = NULL, decided_by = NULL`), { code: '23001' });
  await t.rejects(client.query('UPDATE single_release SET confirm_by = 0'), { code: '42501' });
});

t.test('the limit decides once, also when two processes come to it at one moment; from then on nobody confirms', async (t) => {
  const statement = await released();
  const recall = issue([peerA], { kind: 'recall' });
  const lapsed: Act = {
    ...recall,
    singleReleaseDecisions: [{ statement, outcome: 'lapsed', recall: recall.statements![0]!.digest }],
  };
  await t.rejects(store.commit(lapsed), { code: 'too_late' }, 'it has not come');
  t.same(await store.singleReleasesDue(database.clock.now), []);
  const offered = async () => (await store.releasesOf(statement))[0]!;
  t.equal((await offered()).confirmBy, database.clock.now + limit, 'whoever offers it knows the limit');
  database.clock.now += limit;
  t.match(await store.singleReleasesDue(database.clock.now), [{ statement }]);
  await t.rejects(store.commit(confirmed(statement)), { code: 'too_late' });
  const stores: Store[] = [store, await database.open()];
  const outcomes = await Promise.allSettled(stores.map((one) => one.commit(lapsed)));
  t.same(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  t.same(await store.singleReleasesDue(database.clock.now), []);
  t.notOk((await offered()).confirmBy);
  t.match((await store.singleReleases({ limit: 10, outcome: 'lapsed' })).items, [{ statement, recall: recall.statements![0]!.digest }]);
  t.equal((await store.singleReleases({ limit: 10, outcome: 'undecided' })).items.length, 0, 'nothing waits any more');
});
