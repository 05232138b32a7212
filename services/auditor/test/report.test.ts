import { createHash } from 'node:crypto';
import { inspectEntityConfiguration, splitCompact } from '@entente/seal';
import { generateKey, nodeSigner, nodeVerifier } from '@entente/seal/node';
import t from 'tap';
import { openIdentity } from '../src/identity.js';
import { pageOf } from '../src/report/page.js';
import { reportOf, signReport } from '../src/report/report.js';
import { survey } from '../src/report/survey.js';
import { look } from '../src/watch.js';
import { exchange, type FakeNode } from './fake-node.js';

const madeAt = '2030-04-01T00:00:00Z';
const reported = async (node: FakeNode) => reportOf(await survey(node, { configuration: node.jwt }), madeAt);
const outcomes = ({ checks }: Awaited<ReturnType<typeof reported>>) => Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]));

t.test('the checks of an inspection on two nodes that did everything right', async (t) => {
  const { a } = await exchange();
  const report = await reported(a);
  t.equal(report.holds, true);
  t.match(outcomes(report), {
    'AU-01': 'holds',
    'AU-02': 'holds',
    'AU-03': 'person',
    'AU-06': 'person',
    'AU-07': 'holds',
    'AU-08': 'holds',
    'AU-10': 'holds',
    'AU-12': 'holds',
    'AU-13': 'holds',
    'AU-18': 'holds',
    'AU-22': 'holds',
  });
  t.match(report.checks.find(({ id }) => id === 'AU-08')!.says, /CUSTOMS_CONTROL 2/);
  t.match(report, { node: a.id, period: { from: /^2030/ }, logs: [{ origin: 'aq-cus.example/log/1' }, {}] });
});

t.test('each check fails on what it is there to find', async (t) => {
  const spoiled: Record<string, (a: FakeNode, b: FakeNode) => unknown> = {
    'AU-01': async (a) => {
      await a.cutCheckpoint('exchange');
      a.leaves.exchange.splice(2, 1);
    },
    'AU-02': ({ rows }) => Object.assign(rows.statements[0]!, { jwt: rows.statements[1]!.jwt }),
    'AU-03': ({ rows }) => alone(rows.statements.find(({ own }) => own)!, '2020-01-01T04:00:00Z'),
    'AU-07': async (a, b) => a.releaseTo(b, b.rows.statements.find(({ own }) => own)!.jwt, 'alert'),
    'AU-08': (a) => a.accessLeaf({ operation: 'EXPORT' }),
    'AU-10': async (a, b) => a.release([b], 'recall'),
    'AU-12': ({ rows }) => Object.assign(rows.subjectRequests[0]!, { standing: 'OVERDUE' }),
    'AU-18': ({ rows }) => Object.assign(rows.access[0]!, { entry: '{}' }),
  };
  for (const [id, spoil] of Object.entries(spoiled)) {
    const { a, b } = await exchange();
    await spoil(a, b);
    const report = await reported(a);
    t.equal(outcomes(report)[id], 'fails', id);
    t.equal(report.holds, false, id);
    t.not(report.checks.find((check) => check.id === id)!.records.length, 0, `${id} names it`);
  }
});

/** Released by its author, who was alone. */
const alone = (statement: { digest: string }, confirmBy: string, more: object = {}) =>
  Object.assign(statement, { author: 'officer-24', releaser: 'officer-24', singleRelease: { of: statement.digest, confirmBy, ...more } });

t.test('AU-03 a release by one alone holds where the access log has the confirmation of another, in time', async (t) => {
  const limit = Date.parse('2020-01-01T04:00:00Z') / 1000;
  const judged = async (entry: object, more: object = { outcome: 'confirmed', decidedBy: 'officer-07' }) => {
    const { a } = await exchange();
    const statement = a.rows.statements.find(({ own }) => own)!;
    alone(statement, '2020-01-01T04:00:00Z', more);
    a.accessLeaf({ operation: 'ALTER', code: 'confirmed', object: statement.digest, actor: 'officer-07', at: limit - 1, ...entry });
    return outcomes(await reported(a))['AU-03'];
  };
  t.not(await judged({}), 'fails');
  t.equal(await judged({ at: limit }), 'fails', 'too late');
  t.equal(await judged({ actor: 'officer-24' }, { outcome: 'confirmed', decidedBy: 'officer-24' }), 'fails', 'by the same officer');
  t.equal(await judged({ object: 'another' }), 'fails', 'only the table says so');
  t.not(await judged({ object: 'another' }, { outcome: 'lapsed' }), 'fails', 'recalled');
});

t.test('the report is signed by the auditor, together with the page', async (t) => {
  const { a } = await exchange();
  const key = generateKey('ES256');
  const report = await reported(a);
  const page = pageOf({ ...report, node: 'https://<script>.example' });
  t.notMatch(page, /<script>/);
  t.match(page, /AU-01/);
  const jwt = await signReport(report, page, nodeSigner(key.privateJwk));
  const { input, signature, payload } = splitCompact(jwt);
  t.ok(await nodeVerifier(key.jwk, 'ES256')(Buffer.from(input), signature));
  t.match(payload(), { node: a.id, holds: true, page_sha256: createHash('sha256').update(page).digest('base64url') });
});

t.test('whoever watches is told when a log does not go on from where it was', async (t) => {
  const { a, b } = await exchange();
  const identity = await openIdentity(await a.configuration(), { configuration: a.jwt }, () => t.fail('nothing to report'));
  const first = await look(a, identity, undefined);
  t.match(first, { findings: [], size: a.leaves.exchange.length });
  await a.release([b]);
  const second = await look(a, identity, first.seen);
  t.match(second, { findings: [], size: a.leaves.exchange.length });

  const leaf = a.leaves.exchange.pop()!;
  t.match((await look(a, identity, second.seen)).findings, [{ what: /shrunk/ }]);
  a.leaves.exchange.push(a.leaves.exchange[0]!, leaf);
  const rewritten = await look(a, identity, second.seen);
  t.equal(rewritten.findings.length, 1);
  t.same(rewritten.seen, second.seen, 'what proves it is kept');
  const { origin } = inspectEntityConfiguration(a.jwt).configuration.log;
  t.match((await look(a, identity, { origin: `${origin}0`, note: '' })).findings, [{ what: /new log/ }]);
});
