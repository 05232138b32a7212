import { reconcileNodes } from '@entente/auditor';
import { parseLeaf } from '@entente/ledger';
import t from 'tap';
import { exchange, type FakeNode } from './fake-node.js';

const drop = (node: FakeNode, op: string, digest: string) => {
  const at = node.leaves.exchange.findIndex((text) => {
    const leaf = parseLeaf(Buffer.from(text));
    return leaf.op === op && leaf.digest === digest;
  });
  node.leaves.exchange.splice(at, 1);
};

t.test('two logs that agree', async (t) => {
  const { a, b, released } = await exchange();
  const result = await reconcileNodes(a, b);
  t.equal(result.ok, true);
  t.same(result.findings, []);
  const flight = { standing: 'in_flight', release: released[4]!.releases[0], statement: released[4]!.statement, position: 5 };
  t.match(result.directions, [
    { from: a.id, to: b.id, released: 5, held: 4, in_flight: 1, missing: 0, altered: 0, differences: [flight] },
    { from: b.id, to: a.id, released: 1, held: 1, in_flight: 0, missing: 0, altered: 0, differences: [] },
  ]);
  t.match((await reconcileNodes(b, a)).directions, [{ held: 1 }, { held: 4, in_flight: 1 }], 'whoever is asked first');
});

t.test('every difference has its name', async (t) => {
  const { a, b, released } = await exchange();
  const first = await b.receive(a, released[4]!.releases[0]!, 'quarantined');
  const [quarantined, refused, withdrawn] = [await a.release([b]), await a.release([b]), await a.release([b])];
  await b.receive(a, quarantined.releases[0]!, 'quarantined');
  await b.receive(a, refused.releases[0]!, 'refused');
  await a.withdraw(b, withdrawn.releases[0]!);
  await b.receive(a, released[4]!.releases[0]!, 'held', first);
  const agreed = await reconcileNodes(a, b);
  t.equal(agreed.ok, true);
  t.match(agreed.directions[0], { released: 8, held: 5, quarantined: 1, refused: 1, voided: 1, in_flight: 0 });
  t.same(agreed.directions[0]!.differences.map(({ standing, release }) => [standing, release]).sort(), [
    ['quarantined', quarantined.releases[0]],
    ['refused', refused.releases[0]],
    ['voided', withdrawn.releases[0]],
  ]);
});

t.test('what the other log lacks or says otherwise', async (t) => {
  const one = await exchange();
  drop(one.b, 'received', one.released[0]!.releases[0]!);
  t.match(
    await reconcileNodes(one.a, one.b),
    { ok: false, directions: [{ held: 3, missing: 1 }, {}] },
    'receipted, and gone at the recipient',
  );

  const two = await exchange();
  drop(two.a, 'released', two.released[0]!.releases[0]!);
  t.match(await reconcileNodes(two.a, two.b), { ok: false, directions: [{ held: 3, missing: 1 }, {}] }, 'arrived, and gone at the sender');

  const three = await exchange();
  const [digest, other] = [three.released[0]!.releases[0]!, three.released[0]!.statement];
  three.b.leaves.exchange.forEach((leaf, i, leaves) => {
    leaves[i] = leaf.replace(`"digest":"${digest}"`, `"digest":"${other}"`);
  });
  t.match(await reconcileNodes(three.a, three.b), { ok: false, directions: [{ held: 3, altered: 1, missing: 0 }, {}] });

  const four = await exchange();
  four.b.leaves.exchange.forEach((leaf, i, leaves) => {
    leaves[i] = leaf.replace(`"ref":"${four.released[0]!.statement}"`, `"ref":"${four.released[1]!.statement}"`);
  });
  t.match(await reconcileNodes(four.a, four.b), { ok: false, directions: [{ held: 3, altered: 1, missing: 0 }, {}] });
});

t.test('what goes on meanwhile is no difference', async (t) => {
  const { a, b } = await exchange();
  let cuts = 0;
  a.onCut = async () => {
    cuts++;
    if (cuts < 2) return;
    const { releases } = await a.release([b]);
    await b.receive(a, releases[0]!);
    a.holdReceipts(b);
    const back = await b.release([a]);
    await a.receive(b, back.releases[0]!);
  };
  b.onCut = async () => {
    const { releases } = await a.release([b]);
    await b.receive(a, releases[0]!);
    await a.release([b]);
  };
  const result = await reconcileNodes(a, b);
  t.equal(result.ok, true);
  t.match(result.directions, [
    { held: 5, in_flight: 1, missing: 0 },
    { held: 1, missing: 0 },
  ]);
});

t.test('a log that does not hold', async (t) => {
  const { a, b } = await exchange();
  const cut = b.cutCheckpoint;
  b.cutCheckpoint = async (log) => (await cut.call(b, log)).replace('\n', 'x\n');
  const result = await reconcileNodes(a, b);
  t.match(result, { ok: false, findings: [{ check: 'checkpoint' }] });
});
