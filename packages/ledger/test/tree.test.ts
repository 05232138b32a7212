import {
  consistencyProof,
  emptyRoot,
  Frontier,
  inclusionProof,
  leafHash,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from '@entente/ledger';
import fc from 'fast-check';
import t from 'tap';
import * as web from '../src/bytes.web.js';
import { flipped, naiveRoot, numbered, StoredTree } from './trees.js';

const big = new StoredTree(70_000);
const sizes = fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 70_000 }));

t.test('hashes are those of RFC 6962', async (t) => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  t.equal(hex(emptyRoot), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  t.equal(hex(leafHash(new Uint8Array(0))), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  t.same(web.sha256(Uint8Array.of(0), Uint8Array.of()), leafHash(Uint8Array.of()), 'the browser hashes the same');
});

t.test('a tree built leaf by leaf', async (t) => {
  const tree = new StoredTree();
  t.same(tree.frontier.root(), emptyRoot);
  for (let size = 1; size <= 300; size++) {
    tree.append(numbered(size - 1));
    const naive = naiveRoot(tree.leaves);
    if (Buffer.compare(naive, tree.frontier.root()) !== 0) t.fail(`root of ${size} leaves`);
    if (Buffer.compare(naive, await rootAt(size, tree.read)) !== 0) t.fail(`root of ${size} leaves from what is stored`);
    const restored = Frontier.from(size, tree.frontier.hashes());
    if (Buffer.compare(naive, restored.root()) !== 0 || restored.size !== size) t.fail(`right edge of ${size} leaves`);
  }
  t.equal(tree.frontier.hashes().length, 4, '300 = 256 + 32 + 8 + 4');
  t.equal([...tree.rows.keys()].filter((key) => key.startsWith('1/')).length, 1);
  t.same(await rootAt(0, tree.read), emptyRoot);

  const upper = [...big.rows.keys()].filter((key) => !key.startsWith('0/'));
  t.equal(upper.length, 273 + 1, 'one hash per full tile, at every level');
  t.same(big.rows.get('1/272'), naiveRoot(big.leaves.slice(272 * 256, 273 * 256)), 'a tile hash is the root of its subtree');
  t.same(big.rows.get('2/0'), naiveRoot(big.leaves.slice(0, 65_536)));

  t.throws(() => tree.frontier.append(new Uint8Array(31)), { code: 'bad_hash' });
  t.throws(() => Frontier.from(3, [emptyRoot]), { code: 'bad_frontier' });
  t.throws(() => Frontier.from(1, [new Uint8Array(33)]), { code: 'bad_hash' });
  t.throws(() => Frontier.from(-1, []), { code: 'bad_size' });
  t.throws(() => Frontier.from(2 ** 53, [emptyRoot]), { code: 'bad_size' });
});

t.test('a tree beyond 32 bits goes on from its right edge', async (t) => {
  const size = 2 ** 40 + 2 ** 33 + 255;
  const edge = Array.from({ length: 10 }, (_, i) => numbered(i));
  const frontier = Frontier.from(size, edge);
  const completed = frontier.append(numbered(99));
  t.match(completed, [{ level: 1, index: (2 ** 40 + 2 ** 33) / 256 }]);
  t.equal(completed.length, 1);
  t.equal(frontier.size, size + 1);
  t.equal(frontier.hashes().length, 3);
});

t.test('every inclusion proof verifies, every mutated one fails', async (t) => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, at, bit) => {
      const index = at % size;
      const proof = await inclusionProof(index, size, big.read);
      const good = { leafHash: numbered(index), index, head: { size, root: await rootAt(size, big.read) }, proof };
      verifyInclusion(good);
      const refused = (change: object) => t.throws(() => verifyInclusion({ ...good, ...change }), { name: 'LedgerError' });
      refused({ leafHash: flipped(good.leafHash, bit % 256) });
      refused({ head: { size, root: flipped(good.head.root, bit % 256) } });
      refused({ index: size });
      refused({ index: index + 0.5 });
      refused({ proof: [...proof, numbered(bit)] });
      if (size > 1) {
        const other = bit % proof.length;
        refused({ index: (index + 1) % size });
        refused({ proof: proof.map((hash, i) => (i === other ? flipped(hash, bit % 256) : hash)) });
        refused({ proof: proof.map((hash, i) => (i === other ? hash.slice(1) : hash)) });
        refused({ proof: proof.slice(0, -1) });
        refused({ proof: proof.slice(1) });
      }
    }),
    { numRuns: 150 },
  );
});

t.test('every consistency proof verifies, every mutated one fails', async (t) => {
  await fc.assert(
    fc.asyncProperty(sizes, sizes, fc.nat(), async (a, b, bit) => {
      const [from, to] = await Promise.all(
        [Math.min(a, b), Math.max(a, b)].map(async (size) => ({ size, root: await rootAt(size, big.read) })),
      );
      const good = { from: from!, to: to!, proof: await consistencyProof(from!.size, to!.size, big.read) };
      verifyConsistency(good);
      const refused = (change: object) => t.throws(() => verifyConsistency({ ...good, ...change }), { name: 'LedgerError' });
      refused({ from: { ...good.from, root: flipped(good.from.root, bit % 256) } });
      refused({ to: { ...good.to, root: flipped(good.to.root, bit % 256) } });
      refused({ proof: [...good.proof, numbered(bit)] });
      if (good.proof.length > 0) {
        const other = bit % good.proof.length;
        refused({ from: good.to, to: good.from });
        refused({ from: { ...good.from, size: good.from.size - 1 } });
        refused({ proof: good.proof.map((hash, i) => (i === other ? flipped(hash, bit % 256) : hash)) });
        refused({ proof: good.proof.slice(0, -1) });
        refused({ proof: good.proof.slice(1) });
        refused({ proof: [] });
      }
    }),
    { numRuns: 150 },
  );
});

t.test('proofs at the edges', async (t) => {
  const tree = new StoredTree(5);
  const head = (size: number) => ({ size, root: naiveRoot(tree.leaves.slice(0, size)) });
  t.same(await consistencyProof(0, 5, tree.read), []);
  verifyConsistency({ from: head(0), to: head(5), proof: [] });
  verifyConsistency({ from: head(0), to: head(0), proof: [] });
  t.throws(() => verifyConsistency({ from: { size: 0, root: numbered(0) }, to: head(5), proof: [] }), { code: 'root_mismatch' });
  t.throws(() => verifyConsistency({ from: head(3), to: head(5), proof: [] }), { code: 'bad_proof' });
  t.throws(() => verifyInclusion({ leafHash: emptyRoot, index: 0, head: head(0), proof: [] }), { code: 'bad_size' });
  await t.rejects(inclusionProof(5, 5, tree.read), { code: 'bad_size' });
  await t.rejects(inclusionProof(-1, 5, tree.read), { code: 'bad_size' });
  await t.rejects(consistencyProof(5, 4, tree.read), { code: 'bad_size' });
  await t.rejects(inclusionProof(2, 9, tree.read), { code: 'missing_hashes' });
  await t.rejects(
    rootAt(2, async () => [emptyRoot, new Uint8Array(3)]),
    { code: 'bad_hash' },
  );
});

t.test('a proof reads each tile at most once', async (t) => {
  for (const index of [0, 255, 256, 40_000, 65_535, 65_536, 69_999]) {
    big.reads = [];
    await inclusionProof(index, 70_000, big.read);
    const tiles = big.reads.map((read) => `${read.level}/${Math.floor(read.index / 256)}`);
    t.equal(new Set(tiles).size, tiles.length);
    t.ok(tiles.length <= 5, `${tiles.length} reads for leaf ${index}`);
    t.ok(
      big.reads.every((read) => Math.floor(read.index / 256) === Math.floor((read.index + read.count - 1) / 256)),
      'none leaves its tile',
    );
  }
});
