import { type VerifyState, verifyNode } from '@entente/auditor';
import t from 'tap';
import { exchange, type FakeNode } from './fake-node.js';

const trust = (node: FakeNode) => ({ configuration: node.jwt });

/** Interrupted after each number of steps in turn, with nothing but a text that goes from run to run. */
async function piecewise(node: FakeNode, steps: number) {
  let kept: string | undefined;
  for (let runs = 1; ; runs++) {
    let left = steps;
    let read = 0;
    try {
      const from = kept === undefined ? {} : { from: JSON.parse(kept) as VerifyState };
      const result = await verifyNode(node, trust(node), {
        ...from,
        progress: () => void read++,
        onStep: (state) => {
          left -= 1;
          if (left > 0) return;
          kept = JSON.stringify(state());
          throw new Error('interrupted');
        },
      });
      return { result, runs, read };
    } catch (error) {
      if ((error as Error).message !== 'interrupted') throw error;
    }
  }
}

async function busy() {
  const { a, b, released } = await exchange();
  const first = await b.receive(a, released[4]!.releases[0]!, 'quarantined');
  await a.rollLog(7);
  b.peers.length = 0;
  await b.know(a);
  for (let i = 0; i < 4; i++) await a.release([b]);
  await a.page(b);
  await b.receive(a, released[4]!.releases[0]!, 'held', first);
  a.holdReceipts(b);
  a.accessLeaf();
  for (const node of [a, b]) await node.cutCheckpoint('exchange');
  return { a, b };
}

t.test('a verification that is interrupted anywhere ends as one that is not', async (t) => {
  const { a, b } = await busy();
  for (const node of [a, b]) {
    const whole = await verifyNode(node, trust(node));
    t.same(whole.findings, []);
    for (const steps of [1, 2, 3, 7, 13]) {
      const { result, runs } = await piecewise(node, steps);
      t.ok(runs > 1, `${runs} runs`);
      t.same({ ...result, signatures: 0 }, { ...whole, signatures: 0 }, `after every ${steps} steps`);
    }
  }
});

t.test('what was read before is not read again, and what was found is not forgotten', async (t) => {
  const { a } = await busy();
  a.rows.statements[1]!.jwt = a.rows.statements[0]!.jwt;
  a.ended[0]!.leaves.access.reverse();
  const whole = await verifyNode(a, trust(a));
  t.ok(whole.findings.length >= 2);
  const { result, read } = await piecewise(a, 5);
  t.same(
    new Set(result.findings.map((finding) => JSON.stringify(finding))),
    new Set(whole.findings.map((finding) => JSON.stringify(finding))),
  );
  t.ok(read <= 5);
});

t.test('it is begun anew where it cannot go on', async (t) => {
  const { a, b } = await busy();
  let kept: VerifyState | undefined;
  const onStep = (state: () => VerifyState): void => {
    kept ??= structuredClone(state());
  };
  await verifyNode(a, trust(a), { onStep });
  await t.rejects(verifyNode(b, trust(b), { from: { ...kept!, epoch: 1 } }), { code: 'bad_input' });
  await a.rollLog(9);
  await t.rejects(verifyNode(a, trust(a), { from: kept! }), { code: 'bad_answer', message: /new epoch/ });
});
