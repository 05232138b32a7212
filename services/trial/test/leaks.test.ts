/** The check for leaks finds what it is there for: here the agreement itself lets out what a person wrote down as withheld. */
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { inventedDeclarations } from '../src/fixtures.js';
import { checkLeaks } from '../src/leak-check.js';
import { compareView, searchTraffic } from '../src/leaks.js';
import { agreement, plans } from '../src/scenario.js';
import { follow } from '../src/story.js';
import { startAgencies } from './agencies.js';

const [customs, licensing] = plans.map((plan) => plan.id);
const quiet = { chapter() {}, say() {}, table() {}, warn() {} };
type Grant = { from: string[]; to: string[]; classes: string[] };

t.test('a policy that is broken on purpose leaks fields, and each is named with where it was found', async (t) => {
  const federation = await startAgencies(
    t,
    plans.map((plan) => plan.name),
  );
  await introduce(federation.members);
  const grants = (agreement.grants as Grant[]).map((grant) =>
    grant.from[0] === customs && grant.to[0] === licensing ? { ...grant, classes: [...grant.classes, 'P1'] } : grant,
  );
  await agree(federation.members, { ...agreement, grants });
  const [carbonFibre] = await inventedDeclarations(0);
  const { issued } = await follow(federation, carbonFibre!, quiet);
  const { leaks, missing, checked } = await checkLeaks(federation, issued);
  t.equal(checked, 3, 'the alert at two partners, and the answer');
  t.same(missing, []);
  t.ok(leaks.length > 0);
  t.ok(
    leaks.every((leak) => leak.partner === licensing),
    'the other partner has nothing too much',
  );
  const found = (where: string) => leaks.filter((leak) => leak.where === where).map((leak) => leak.what);
  t.ok(found('api').includes('/body/parties/3/names/0/value'), 'its officers see a person');
  t.same(found('traffic'), ['Tavi Orlo'], 'the name crossed the wire');
  t.same(found('database'), [], 'and is in no database in clear, for content is encrypted');
});

t.test('what is too much leaks, what is too little is missing, and no encoding hides a secret', async (t) => {
  const expectation = { partner: 'https://p.example', visible: ['/body/a', '/body/b/0'], withheld: ['/body/c'], secrets: ['Tavi Orlo'] };
  t.same(compareView(expectation, { body: { a: 1, b: ['x'] } }), { leaks: [], missing: [] });
  t.match(compareView(expectation, { body: { a: 1, c: null } }), { leaks: [{ where: 'api', what: '/body/c' }], missing: ['/body/b/0'] });
  const within = (text: string) => Buffer.from(JSON.stringify({ text })).toString('base64url');
  t.same(searchTraffic(expectation, `GET / ${within(within('name: Tavi Orlo'))}`), [
    { where: 'traffic', partner: expectation.partner, what: 'Tavi Orlo' },
  ]);
  t.same(searchTraffic(expectation, within(within('nobody'))), []);
});
