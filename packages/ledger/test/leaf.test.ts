import { accessLeafBytes, type Leaf, leafBytes, leafOps, parseAccessLeaf, parseLeaf } from '@entente/ledger';
import fc from 'fast-check';
import t from 'tap';

const digest = Buffer.alloc(32, 7).toString('base64url');
const released: Leaf = {
  v: 1,
  n: Buffer.alloc(16, 1).toString('base64url'),
  at: '2031-05-06T07:08:09.123Z',
  op: 'released',
  peer: 'https://aq-cus.example',
  kind: 'alert',
  digest,
  ref: digest,
  position: 12,
};
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (leaf: object) => new TextDecoder().decode(leafBytes(leaf as Leaf));

t.test('a leaf has one spelling', async (t) => {
  t.equal(
    text(released),
    `{"at":"2031-05-06T07:08:09.123Z","digest":"${digest}","kind":"alert","n":"AQEBAQEBAQEBAQEBAQEBAQ","op":"released","peer":"https://aq-cus.example","position":12,"ref":"${digest}","v":1}`,
  );
  t.same(parseLeaf(leafBytes(released)), released);
  for (const op of leafOps) t.same(parseLeaf(leafBytes({ ...released, op } as Leaf)).op, op);
  t.same(parseLeaf(leafBytes({ v: 1, n: released.n, at: '2031-05-06T07:08:09Z', op: 'pad' })).op, 'pad');

  const good = text(released);
  for (const [what, other] of [
    ['a space', good.replace(',', ', ')],
    ['another order', good.replace('"kind":"alert",', '').replace('}', ',"kind":"alert"}')],
    ['a member twice', good.replace('"v":1', '"v":1,"v":1')],
    ['an escape', good.replace('alert', '\\u0061lert')],
    ['another spelling of a number', good.replace('12', '12.0')],
    ['a line after it', `${good}\n`],
    ['a byte order mark', `\ufeff${good}`],
    ['nothing', ''],
    ['no object', '[]'],
    ['null', 'null'],
  ] as const) {
    t.throws(() => parseLeaf(bytes(other)), { code: 'bad_leaf' }, what);
  }
  t.throws(() => parseLeaf(Uint8Array.of(0xff, 0xfe)), { code: 'bad_leaf' }, 'no UTF-8');
});

t.test('what a leaf may not say', async (t) => {
  for (const change of [
    { v: 2 },
    { n: 'short' },
    { n: 'AQEBAQEBAQEBAQEBAQEBAR' },
    { at: '2031-05-06' },
    { at: '2031-13-06T07:08:09Z' },
    { at: '2031-05-06T07:08:09+01:00' },
    { op: 'noted' },
    { op: 'toString' },
    { op: 1 },
    { peer: 'http://aq-cus.example' },
    { peer: 'https://aq-cus.example?x' },
    { kind: 'Free text' },
    { digest: `${digest.slice(0, 42)}d` },
    { ref: 'x' },
    { position: 0 },
    { position: 1.5 },
    { position: '1' },
    { note: 'free text' },
    { constructor: 'x' },
  ]) {
    t.throws(() => leafBytes({ ...released, ...change } as unknown as Leaf), { code: 'bad_leaf' }, JSON.stringify(change));
  }
  for (const member of ['v', 'n', 'at', 'op', 'peer', 'kind', 'digest', 'ref', 'position']) {
    const rest = Object.fromEntries(Object.entries(released).filter(([name]) => name !== member));
    t.throws(() => leafBytes(rest as unknown as Leaf), { code: 'bad_leaf' }, `released without ${member}`);
  }
  t.throws(() => parseLeaf(new Uint8Array(65_536)), { code: 'leaf_too_large' });
  t.throws(() => parseAccessLeaf(new Uint8Array(65_536)), { code: 'leaf_too_large' });
});

t.test('a leaf of the access log', async (t) => {
  t.equal(new TextDecoder().decode(accessLeafBytes({ v: 1, digest })), `{"digest":"${digest}","v":1}`);
  t.same(parseAccessLeaf(accessLeafBytes({ v: 1, digest })), { v: 1, digest });
  t.throws(() => parseAccessLeaf(leafBytes(released)), { code: 'bad_leaf' });
  t.throws(() => parseLeaf(accessLeafBytes({ v: 1, digest })), { code: 'bad_leaf' });
  t.throws(() => parseAccessLeaf(bytes('{"v":1}')), { code: 'bad_leaf' });
});

t.test('parsing never fails in another way', async () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (input) => {
      try {
        parseLeaf(bytes(input));
      } catch (error) {
        return (error as { code?: string }).code === 'bad_leaf';
      }
      return true;
    }),
  );
});
