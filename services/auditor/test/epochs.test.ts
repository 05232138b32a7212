import { type Finding, prove, reconcileNodes, verifyNode, verifyProof } from '@entente/auditor';
import t from 'tap';
import { openIdentity } from '../src/identity.js';
import { look } from '../src/watch.js';
import { exchange, type FakeNode } from './fake-node.js';

const audit = (node: FakeNode) => verifyNode(node, { configuration: node.jwt });
const named = (findings: Finding[]) => findings.map(({ check, object }) => `${check} ${object}`);
const madeAt = '2030-04-01T00:00:00Z';

/** A log that rolled over twice while the exchange went on, and a statement of the first epoch that was answered in the last. */
async function rolled() {
  const { a, b, released } = await exchange();
  a.witnesses.push(b);
  const before = a.jwt;
  for (const epoch of [7, 9]) {
    await a.rollLog(epoch);
    b.peers.length = 0;
    await b.know(a);
    for (let i = 0; i < 3; i++) await a.release([b]);
    await a.page(b);
    a.accessLeaf({ purpose: 'CUSTOMS_CONTROL', justification: 'the same case' });
  }
  await b.receive(a, released[4]!.releases[0]!);
  await b.release([a]);
  await b.page(a);
  a.holdReceipts(b);
  return { a, b, released, before };
}

t.test('every epoch is verified, the closed ones to the end that the next one names', async (t) => {
  const { a, b, released, before } = await rolled();
  const result = await verifyNode(a, { configuration: before });
  t.same(result.findings, []);
  t.match(
    result.logs.map(({ log, epoch, verified }) => `${log} ${epoch} ${verified}`),
    ['exchange 1 true', 'exchange 7 true', 'exchange 9 true', 'access 1 true', 'access 7 true', 'access 9 true'],
  );
  t.match(
    result.feeds.filter(({ direction }) => direction === 'out').map(({ epoch, last }) => [epoch, last]),
    [
      [1, 5],
      [7, 3],
      [9, 3],
    ],
  );
  const other = await audit(b);
  t.same(other.findings, []);
  t.match(
    other.feeds.filter(({ direction }) => direction === 'in').map(({ epoch, last }) => [epoch, last]),
    [
      [1, 5],
      [7, 3],
      [9, 3],
    ],
    'the first page of each epoch names the one before',
  );
  t.match(await reconcileNodes(a, b), { ok: true, findings: [], directions: [{ released: 11, held: 5 }, {}] });

  const proof = await prove(a, released[4]!.statement, { madeAt });
  const held = await verifyProof(proof, { configuration: a.jwt });
  t.same(held.findings, []);
  t.match(held.checkpoints, [{ origin: 'aq-cus.example/log/1' }, { origin: 'aq-cus.example/log/9' }]);
});

t.test('whoever watches is told of a new epoch, and of one that does not continue the last', async (t) => {
  const { a, b } = await exchange();
  const identity = async () => openIdentity(await a.configuration(), { configuration: a.jwt }, () => t.fail('nothing to report'));
  const first = await look(a, await identity(), undefined);
  await a.release([b]);
  await a.rollLog(7);
  await a.rollLog(9);
  const second = await look(a, await identity(), first.seen);
  t.match(second, { findings: [], opened: [{ epoch: 7, reason: /new key/ }, { epoch: 9 }] });
  a.ended[0]!.leaves.exchange.splice(2, 1);
  t.match(await look(a, await identity(), first.seen), { findings: [{ check: 'checkpoint' }], seen: first.seen });
});

t.test('what is done to an epoch that has ended is named', async (t) => {
  const tampering: Record<string, (a: FakeNode, b: FakeNode) => unknown> = {
    'epoch exchange 1': (a) => a.ended[0]!.leaves.exchange.pop(),
    'checkpoint exchange': (a) => a.ended[0]!.leaves.exchange.splice(1, 1, a.ended[0]!.leaves.exchange[2]!),
    'epoch exchange 7': (a) => a.ended.shift(),
    'epoch exchange 9': (a) => Object.assign(a, { reason: 'Routine.' }),
    'epoch access 7': (a) => {
      const { leaves, access, cut } = a.ended[1]!;
      for (const list of [leaves.access, access, cut.access]) list.pop();
    },
    'page in https://aq-cus.example': (_a, b) => b.pagesOf('in', 'https://aq-cus.example', 7).pop(),
  };
  for (const [expected, spoil] of Object.entries(tampering)) {
    const { a, b } = await rolled();
    spoil(a, b);
    const found = named([...(await audit(a)).findings, ...(await audit(b)).findings]);
    t.ok(found.includes(expected), `${expected}: ${found.join(', ')}`);
  }
});
