import { type Finding, verifyNode } from '@entente/auditor';
import { parseLeaf } from '@entente/ledger';
import t from 'tap';
import { exchange, FakeNode } from './fake-node.js';

const audit = (node: FakeNode, configuration = node.jwt) => verifyNode(node, { configuration, thumbprint: node.thumbprint });
const named = (findings: Finding[]) => findings.map(({ check, object }) => `${check} ${object}`).sort();

t.test('two nodes that did everything right', async (t) => {
  const { a, b } = await exchange();
  const progress: string[] = [];
  const result = await verifyNode(a, { configuration: a.jwt }, { progress: (log, done, of) => progress.push(`${log} ${done}/${of}`) });
  t.same(result.findings, []);
  t.equal(result.verified, true);
  t.match(result.logs, [
    { log: 'exchange', origin: 'aq-cus.example/log/1', verified: true },
    { log: 'access', size: 2, verified: true },
  ]);
  t.equal(progress.at(-1), 'access 2/2');
  t.match(result.feeds, [
    { direction: 'out', peer: b.id, last: 5, open: [], unpaged: 0 },
    { direction: 'in', peer: b.id, last: 1, open: [], unpaged: 0 },
  ]);
  const other = await audit(b);
  t.same(other.findings, []);
  t.match(other.feeds, [{}, { direction: 'in', last: 5, open: [5] }], 'what has not arrived is told, and is no fault');
});

t.test('what goes on while the auditor reads is no finding', async (t) => {
  const { a, b, released } = await exchange();
  a.onCut = async () => {
    await b.release([a]);
    const { releases } = await a.release([b]);
    await a.page(b);
    await b.receive(a, releases[0]!);
    a.holdReceipts(b);
    await a.release([b]);
  };
  const third = new FakeNode('https://cq-cus.example');
  await third.publish();
  const configuration = a.configuration.bind(a);
  a.configuration = async () => {
    await a.know(third);
    return configuration();
  };
  t.same((await audit(a)).findings, []);
  b.onCut = async () => {
    b.onCut = () => undefined;
    await b.receive(a, released[4]!.releases[0]!, 'quarantined');
  };
  t.same((await audit(b)).findings, []);
});

t.test(
  'F31 after a restore a receipt that came back says the same as the one that was given anew; before one it would be a finding',
  async (t) => {
    const twice = async (between: (b: FakeNode) => Promise<unknown>) => {
      const { a, b, released } = await exchange();
      const release = released[0]!.releases[0]!;
      const lost = b.leaves.exchange.findIndex((leaf) => leaf.includes('"received"') && leaf.includes(release));
      b.leaves.exchange.splice(lost, 1);
      await between(b);
      await b.receive(a, release);
      return (await audit(b)).findings.map(({ check, what }) => `${check}: ${what}`);
    };
    t.same(await twice(async () => undefined), ['receipt: the log does not say what this receipt says']);
    t.same(await twice((b) => b.rollLog(7)), []);
  },
);

t.test('verdicts that change, voids, refusals, one statement by two releases', async (t) => {
  const { a, b, released } = await exchange();
  const first = await b.receive(a, released[4]!.releases[0]!, 'quarantined');
  await b.receive(a, released[4]!.releases[0]!, 'held', first);
  const withdrawn = await a.release([b]);
  const refused = await a.release([b]);
  await a.withdraw(b, withdrawn.releases[0]!);
  const again = await a.releaseTo(b, a.rows.statements[0]!.jwt, 'alert');
  await a.page(b);
  await b.receive(a, refused.releases[0]!, 'refused');
  await b.receive(a, again);
  a.holdReceipts(b);
  await a.release([b]);
  const [left, right] = [await audit(a), await audit(b)];
  t.same(left.findings, []);
  t.match(left.feeds, [{ last: 8, unpaged: 1 }, {}]);
  t.same(right.findings, []);
  t.match(right.feeds, [{}, { last: 8, open: [] }]);
});

interface Expected {
  expect: string[];
}

/** One thing done to the database of a node, by somebody without its keys, and what the audit must name. */
const tampering: Record<string, (node: FakeNode, other: FakeNode) => Expected | Promise<Expected>> = {
  'a hash that is stored of the tree is altered': (node) => {
    node.onTile = ([, ...rest]) => [new Uint8Array(32), ...rest];
    return { expect: ['tile access level 0', 'tile exchange level 0'] };
  },
  'F21 the text of an entry of the access log is altered': ({ rows }) => {
    rows.access[0]!.entry = rows.access[0]!.entry!.replace('CONSULT', 'LOGIN');
    return { expect: ['access access'] };
  },
  'F21 an entry of the access log is removed': ({ rows }) => {
    rows.access.splice(0, 1);
    return { expect: ['access access'] };
  },
  'the log is rewritten after a checkpoint, and signed anew': async (node) => {
    await node.cutCheckpoint('exchange');
    node.leaves.exchange.splice(-1, 1, node.leaves.exchange[0]!);
    return { expect: ['checkpoint exchange'] };
  },
  'an earlier checkpoint is taken from another log': async (node, other) => {
    node.cut.exchange.push({ size: 3, note: await other.cutCheckpoint('exchange') });
    return { expect: ['checkpoint exchange'] };
  },
  'a statement is deleted': ({ rows }) => ({ expect: [`statement ${rows.statements.splice(1, 1)[0]!.digest}`] }),
  'a statement is exchanged': ({ rows }) => {
    rows.statements[1]!.jwt = rows.statements[0]!.jwt;
    return { expect: [`statement ${rows.statements[1]!.digest}`] };
  },
  "a statement is said to be another node's": ({ rows }) => {
    rows.statements[1]!.own = false;
    return { expect: [`statement ${rows.statements[1]!.digest}`, `statement ${rows.statements[1]!.digest}`] };
  },
  'a signature is turned by one bit': ({ rows }) => {
    const row = rows.receipts[0]!;
    row.jwt = `${row.jwt.slice(0, -10)}${row.jwt.at(-10) === 'A' ? 'B' : 'A'}${row.jwt.slice(-9)}`;
    return { expect: [`receipt ${row.digest}`] };
  },
  'a release is moved to another position': ({ rows }) => {
    rows.releases[0]!.position = 99;
    return { expect: [`release ${rows.releases[0]!.digest}`, `release ${rows.releases[0]!.digest}`] };
  },
  'the text of a release is taken away': ({ rows }) => {
    rows.releases[0]!.jwt = null;
    return { expect: [`release ${rows.releases[0]!.digest}`] };
  },
  'what was received is said to be refused': (node) => {
    const row = node.rows.releases.find(({ direction }) => direction === 'in')!;
    Object.assign(row, { state: 'refused', jwt: null });
    return { expect: [`release ${row.digest}`, `release ${row.digest}`] };
  },
  'a receipt is given that the log does not know': ({ rows }, other) => {
    const receipt = other.rows.receipts.find(({ direction }) => direction === 'out')!;
    rows.receipts.push({ ...receipt, direction: 'out', peer: other.id });
    return { expect: [`receipt ${receipt.digest}`] };
  },
  'a receipt is deleted': ({ rows }) => {
    const [receipt] = rows.receipts.splice(
      rows.receipts.findIndex(({ direction }) => direction === 'in'),
      1,
    );
    return { expect: [`receipt ${receipt!.digest}`] };
  },
  'a leaf is altered': async (node) => {
    const at = node.leaves.exchange.findIndex((leaf) => parseLeaf(Buffer.from(leaf)).op === 'pad');
    const spoiled = node.leaves.exchange[at]!.replace(/"n":"./, '"n":"!');
    node.cutCheckpoint = await cutBefore(node);
    node.leaves.exchange[at] = spoiled;
    return { expect: ['leaf exchange', 'root exchange'] };
  },
  'a leaf is deleted': async (node) => {
    node.cutCheckpoint = await cutBefore(node);
    node.leaves.exchange.pop();
    return { expect: ['entries exchange', 'entries exchange'] };
  },
  'the access log is altered': async (node) => {
    node.cutCheckpoint = await cutBefore(node);
    node.leaves.access.reverse();
    return { expect: ['root access'] };
  },
  'a peer is hidden': (node, other) => {
    node.peers.length = 0;
    return { expect: [`peer ${other.id}`] };
  },
  'a note in the place of a release is spoilt': ({ rows }, other) => {
    rows.voids.push({ direction: 'out', peer: other.id, jwt: 'a.b.c' });
    return { expect: [`void out ${other.id}`] };
  },
  'an agreement is exchanged': (node) => {
    const { jws } = node.agreements[0]!;
    node.agreements[0]!.digest = node.rows.statements[0]!.digest;
    node.agreements[0]!.jws = jws;
    return { expect: [`agreement ${node.rows.statements[0]!.digest}`] };
  },
};

/** The checkpoints that the log's key had signed before anything was done. */
async function cutBefore(node: FakeNode): Promise<FakeNode['cutCheckpoint']> {
  const notes = { exchange: await node.cutCheckpoint('exchange'), access: await node.cutCheckpoint('access') };
  return async (log) => notes[log];
}

t.test('what was done to the database is named', async (t) => {
  for (const [what, spoil] of Object.entries(tampering)) {
    const { a, b } = await exchange();
    const { expect } = await spoil(a, b);
    const result = await audit(a);
    const found = named(result.findings);
    t.ok(
      expect.every((name) => found.includes(name)),
      `${what}: ${JSON.stringify(found)}`,
    );
    t.equal(result.verified, false, what);
  }
});

t.test('a feed with a hole, and one with another release', async (t) => {
  const { a, b } = await exchange();
  await a.release([b]);
  await a.page(b);
  a.pagesOf('out', b.id).splice(0, 1);
  const hole = await audit(a);
  t.match(hole.findings, [{ check: 'page', object: `out ${b.id} from 6`, what: /page_gap/ }]);

  const forked = await exchange();
  const row = forked.a.rows.releases[0]!;
  forked.a.leaves.exchange.forEach((leaf, i, leaves) => {
    leaves[i] = leaf.replaceAll(row.digest, forked.a.rows.statements[0]!.digest);
  });
  const found = await audit(forked.a);
  t.ok(found.findings.some(({ check, position, what }) => check === 'page' && position === 1 && /no leaf/.test(what)));
  t.ok(found.findings.some(({ check, position, what }) => check === 'page' && position === 1 && /another release/.test(what)));
});

t.test('keys: compromised after the log took it in, or before', async (t) => {
  const { a, b } = await exchange();
  const spoilt = async (from: number) => {
    b.keys.find(({ use }) => use === 'statement')!.compromised_from = from;
    await b.publish(b.now + 1);
    a.peers[0]!.configuration = b.jwt;
    a.leaf('peer', { peer: b.id, digest: (await import('@entente/seal')).digestOf(b.jwt) });
    return audit(a);
  };
  t.same((await spoilt(a.now + 100)).findings, [], 'the log proves that it was there before');
  t.match((await spoilt(1_900_000_000)).findings, [{ check: 'statement', what: /key_compromised/ }]);
});

t.test('the configuration that the auditor brought is what counts', async (t) => {
  const { a, b } = await exchange();
  const old = a.jwt;
  await a.publish(1_900_000_500);
  t.same((await audit(a, old)).findings, [], 'a newer one by the same key is taken');
  a.served = b.jwt;
  t.match((await audit(a, old)).findings, [{ check: 'configuration', object: a.id }]);
  await t.rejects(verifyNode(a, { configuration: old, thumbprint: b.thumbprint }), { code: 'bad_input' });
  await t.rejects(verifyNode(a, { configuration: 'x' }), { code: 'bad_input' });

  const impostor = new FakeNode(a.id);
  await impostor.publish();
  t.match((await audit(impostor, old).catch((error) => ({ findings: [error] }))).findings[0], { code: 'bad_input' });
  const result = await verifyNode(impostor, { configuration: old });
  t.same(named(result.findings), ['checkpoint access', 'checkpoint exchange', `configuration ${a.id}`]);

  const { a: c, b: d } = await exchange();
  c.peers[0]!.configuration = c.jwt;
  t.ok(named((await audit(c)).findings).includes(`peer ${d.id}`));
  c.peers[0]!.configuration = 'x';
  t.ok(named((await audit(c)).findings).includes(`peer ${d.id}`));
});

t.test('memory holds what has not met its other half, not the log', async (t) => {
  const [a, b] = [new FakeNode('https://aq-cus.example'), new FakeNode('https://bq-lic.example')];
  for (const node of [a, b]) await node.publish();
  await a.know(b);
  for (let i = 0; i < 300; i++) await a.release([b]);
  let read = 0;
  let ahead = 0;
  const entries = a.entries.bind(a);
  const statements = a.statements.bind(a);
  a.statements = async function* () {
    for await (const batch of statements()) {
      read++;
      yield batch;
    }
  };
  a.entries = async function* (log, epoch, from, end) {
    for await (const entry of entries(log, epoch, from, end)) {
      ahead = Math.max(ahead, Math.abs(read - entry.position / 2));
      yield entry;
    }
  };
  t.same((await audit(a)).findings, []);
  t.equal(read, 300);
  t.ok(ahead <= 2, `objects are read at the pace of the leaves (${ahead})`);
});
