import {
  addSignatures,
  checkpointText,
  cosignCheckpoint,
  emptyRoot,
  formatTlogProof,
  formatVkey,
  inclusionProof,
  noteKey,
  openCheckpoint,
  openNote,
  openTlogProof,
  parseCheckpointText,
  parseNote,
  parseTilePath,
  parseTlogProof,
  parseVkey,
  type SignatureType,
  signatureType,
  signCheckpoint,
  signNote,
  tilePath,
} from '@entente/ledger';
import fc from 'fast-check';
import t from 'tap';
import { signerOf, verifyEd25519 } from './keys.js';
import { numbered, StoredTree } from './trees.js';

const origin = 'aq-cus.example/log/1';
const log = signerOf(origin, signatureType.ed25519, 1);
const witness = signerOf('bq-lic.example/witness', signatureType.cosignature, 2);
const other = signerOf('cq-cus.example/witness', signatureType.cosignature, 3);
const tree = new StoredTree(300);
const head = { origin, size: 300, root: tree.frontier.root() };

t.test('notes and keys of the specification', async (t) => {
  const key = parseVkey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
  const note =
    'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
  const opened = await openNote(note, [key], verifyEd25519);
  t.equal(opened.text, 'This is an example message.\n');
  t.equal(opened.verified[0]!.key.name, 'example.com/foo');
  t.equal(formatVkey(key), 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
  const poem = 'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n';
  t.equal(parseNote(await signNote(poem, log)).text, poem, 'text may have empty lines');
});

t.test('keys that are refused', async (t) => {
  const good = formatVkey(log.key);
  t.same(parseVkey(good), log.key);
  for (const [what, text] of [
    ['nothing', ''],
    ['another name', good.replace('aq', 'zq')],
    ['another id', good.replace(/\+[0-9a-f]/, '+g')],
    ['upper case', good.replace(/\+([0-9a-f]{8})\+/, (_, id) => `+${id.toUpperCase()}F+`)],
    ['no key', good.slice(0, good.lastIndexOf('+') + 1)],
    ['no base64', `${good}?`],
    ['a shorter key', good.slice(0, -4)],
  ] as const) {
    t.throws(() => parseVkey(text), { code: 'bad_key' }, what);
  }
  for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', '\ud800']) {
    t.throws(() => noteKey(name, signatureType.ed25519, new Uint8Array(32)), { code: 'bad_key' }, JSON.stringify(name));
  }
  t.throws(() => noteKey('a', 2 as SignatureType, new Uint8Array(32)), { code: 'bad_key' });
  await t.rejects(signNote('x\n', witness), { code: 'bad_key' }, 'a witness key signs no notes');
  await t.rejects(cosignCheckpoint(await signCheckpoint(head, log), log, 1), { code: 'bad_key' }, 'a log key cosigns nothing');
});

t.test('checkpoints', async (t) => {
  const note = await signCheckpoint(head, log);
  t.equal(note.split('\n').slice(0, 2).join('\n'), 'aq-cus.example/log/1\n300');
  t.match(await openCheckpoint(note, log.key, verifyEd25519), { ...head, cosignatures: [] });
  t.same(parseCheckpointText(checkpointText({ origin, size: 0, root: emptyRoot })), { origin, size: 0, root: emptyRoot });

  await t.rejects(signCheckpoint({ ...head, origin: 'elsewhere' }, log), { code: 'wrong_origin' });
  await t.rejects(signCheckpoint({ ...head, size: -1 }, log), { code: 'bad_size' });
  await t.rejects(signCheckpoint({ ...head, root: new Uint8Array(31) }, log), { code: 'bad_checkpoint' });
  await t.rejects(openCheckpoint(await signNote(checkpointText({ ...head, origin: 'x' }), log), log.key, verifyEd25519), {
    code: 'wrong_origin',
  });
  await t.rejects(openCheckpoint(await signNote('x\n', log), log.key, verifyEd25519), { code: 'bad_checkpoint' });
  const root = Buffer.from(head.root).toString('base64');
  for (const text of [
    `${origin}\n0300\n${root}\n`,
    `${origin}\n-1\n${root}\n`,
    `${origin}\n99999999999999999999\n${root}\n`,
    `${origin}\n9007199254740993\n${root}\n`,
    `\n300\n${root}\n`,
    `${origin}\n300\n${root.slice(4)}\n`,
    `${origin}\n300\n${root.replaceAll('=', '')}\n`,
    `${origin}\n0\n${root}\n`,
    `${origin}\n300\n${root}\nmore\n`,
    `${origin}\n300\n${root}`,
  ]) {
    t.throws(() => parseCheckpointText(text), { code: 'bad_checkpoint' }, JSON.stringify(text));
  }
});

t.test('cosignatures', async (t) => {
  const bare = await signCheckpoint(head, log);
  const lines = [await cosignCheckpoint(bare, witness, 1_900_000_000), await cosignCheckpoint(bare, other, 1_900_000_001)];
  const note = addSignatures(bare, lines);
  t.equal(addSignatures(note, [...lines, ...lines]), note, 'no line twice');
  const opened = await openCheckpoint(note, log.key, verifyEd25519, [witness.key, other.key]);
  t.same(opened.cosignatures, [
    { name: 'bq-lic.example/witness', time: 1_900_000_000 },
    { name: 'cq-cus.example/witness', time: 1_900_000_001 },
  ]);
  t.same((await openCheckpoint(note, log.key, verifyEd25519, [other.key])).cosignatures.length, 1, 'unknown witnesses are ignored');

  const again = addSignatures(note, [await cosignCheckpoint(bare, witness, 1_900_000_002)]);
  const twice = await openCheckpoint(again, log.key, verifyEd25519, [witness.key]);
  t.same(twice.cosignatures, [{ name: 'bq-lic.example/witness', time: 1_900_000_000 }], 'a witness counts once');

  const changed = (line: string, at: number) => {
    const [dash, name, base64] = line.trimEnd().split(' ');
    const bytes = Buffer.from(base64!, 'base64');
    bytes[at]! ^= 1;
    return `${dash} ${name} ${bytes.toString('base64')}\n`;
  };
  const open = (text: string) => openCheckpoint(text, log.key, verifyEd25519, [witness.key]);
  await t.rejects(open(bare + changed(lines[0]!, 11)), { code: 'bad_signature' }, 'the time is signed');
  await t.rejects(open(bare + changed(lines[0]!, 4)), { code: 'bad_signature' }, 'a time beyond 2^53');
  await t.rejects(open(bare + changed(lines[0]!, 75)), { code: 'bad_signature' });
  t.same((await open(bare + changed(lines[0]!, 0))).cosignatures, [], 'another key id is another key');
  const short = `\u2014 ${witness.key.name} ${Buffer.from([...witness.key.id, 1, 2, 3]).toString('base64')}\n`;
  await t.rejects(open(bare + short), { code: 'bad_signature' });
  await t.rejects(cosignCheckpoint(bare, witness, -1), { code: 'bad_size' });
  await t.rejects(cosignCheckpoint(await signNote('x\n', log), witness, 1), { code: 'bad_checkpoint' });

  const text = `${bare.slice(0, bare.indexOf('\n\n'))}\n\n`;
  await t.rejects(open(text + lines[0]), { code: 'unknown_signer' }, 'a cosignature alone is no checkpoint');
});

t.test('notes that are refused', async (t) => {
  const good = await signNote('text\n', log);
  const line = good.slice('text\n\n'.length);
  await t.rejects(openNote(good, [other.key], verifyEd25519), { code: 'unknown_signer' });
  await t.rejects(openNote(good.replace('text', 'next'), [log.key], verifyEd25519), { code: 'bad_signature' });
  for (const [what, note] of [
    ['nothing', ''],
    ['no signature', 'text\n\n'],
    ['no empty line', `text\n${line}`],
    ['no last newline', good.slice(0, -1)],
    ['a control character', good.replace('text', 'te\tt')],
    ['a carriage return', good.replace('text', 'text\r')],
    ['a lone surrogate', good.replace('text', '\ud800')],
    ['a hyphen', good.replace('\u2014', '-')],
    ['a third word', good.replace('\n\u2014 ', '\n\u2014 x ')],
    ['another spelling of base64', good.replace(/=+\n$/, '\n')],
    ['too few bytes', `text\n\n\u2014 x ${Buffer.alloc(4).toString('base64')}\n`],
    ['too many signatures', `text\n\n${line.repeat(101)}`],
    ['too long', `${'x'.repeat(1_000_000)}\n\n${line}`],
  ] as const) {
    t.throws(() => parseNote(note), { code: 'bad_note' }, what);
  }
  await t.rejects(signNote('text', log), { code: 'bad_note' });
});

t.test('offline proofs', async (t) => {
  const checkpoint = await signCheckpoint(head, log);
  const note = addSignatures(checkpoint, [await cosignCheckpoint(checkpoint, witness, 1_900_000_000)]);
  const text = formatTlogProof({ index: 7, proof: await inclusionProof(7, 300, tree.read), checkpoint: note });
  const opened = await openTlogProof(text, numbered(7), log.key, verifyEd25519, [witness.key]);
  t.equal(opened.index, 7);
  t.equal(opened.checkpoint.cosignatures.length, 1);
  t.equal(formatTlogProof(parseTlogProof(text)), text);
  const withExtra = formatTlogProof({ ...parseTlogProof(text), extra: Uint8Array.of(1, 2) });
  t.match(withExtra, /^c2sp.org\/tlog-proof@v1\nextra AQI=\nindex 7\n/);
  t.same(parseTlogProof(withExtra).extra, Uint8Array.of(1, 2));
  t.same(parseTlogProof(formatTlogProof({ index: 0, proof: [], checkpoint: note })).proof, []);

  await t.rejects(openTlogProof(text, numbered(8), log.key, verifyEd25519), { code: 'root_mismatch' });
  await t.rejects(openTlogProof(text.replace('index 7', 'index 6'), numbered(7), log.key, verifyEd25519), { code: 'root_mismatch' });
  await t.rejects(openTlogProof(text, numbered(7), other.key, verifyEd25519), { code: 'unknown_signer' });
  for (const [what, bad] of [
    ['nothing', ''],
    ['another version', text.replace('v1', 'v2')],
    ['no index', text.replace('index 7\n', '')],
    ['a leading zero', text.replace('index 7', 'index 07')],
    ['bad extra', text.replace('index 7', 'extra !\nindex 7')],
    ['extra twice', withExtra.replace('extra AQI=\n', 'extra AQI=\nextra AQI=\n')],
    ['a short hash', text.replace(/index 7\n..../, 'index 7\n')],
    ['too many hashes', formatTlogProof({ index: 7, proof: Array(64).fill(emptyRoot), checkpoint: note })],
    ['no checkpoint', text.slice(0, text.indexOf('\n\n'))],
  ] as const) {
    t.throws(() => parseTlogProof(bad), { code: 'bad_proof' }, what);
  }
});

t.test('names of tiles', async (t) => {
  t.equal(tilePath({ level: 0, index: 1_234_067 }), 'tile/0/x001/x234/067');
  t.equal(tilePath({ level: 'entries', index: 0, width: 8 }), 'tile/entries/000.p/8');
  t.equal(tilePath({ level: 2, index: 1000 }), 'tile/2/x001/000');
  const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
  fc.assert(
    fc.property(level, fc.maxSafeNat(), fc.option(fc.integer({ min: 1, max: 255 }), { nil: undefined }), (level, index, width) => {
      const name = { level, index, ...(width === undefined ? {} : { width }) };
      t.same(parseTilePath(tilePath(name)), name);
    }),
    { numRuns: 50 },
  );
  for (const path of [
    '',
    'tile/0/1',
    'tile/00/001',
    'tile/64/001',
    'tile/0/001/234',
    'tile/0/x000/001',
    'tile/0/001.p/0',
    'tile/0/001.p/08',
    'tile/0/001.p/256',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/entry/001',
    'tile/0/001/',
  ]) {
    t.throws(() => parseTilePath(path), { code: 'bad_tile_path' }, path);
  }
  t.throws(() => tilePath({ level: 64, index: 0 }), { code: 'bad_size' });
  t.throws(() => tilePath({ level: 0, index: -1 }), { code: 'bad_size' });
  t.throws(() => tilePath({ level: 0, index: 0, width: 256 }), { code: 'bad_size' });
});
