import fc from 'fast-check';
import t from 'tap';
import * as node from '../src/bytes.node.js';
import * as web from '../src/bytes.web.js';

t.test('node and browser give the same bytes', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
      if (
        node.toBase64url(data) !== web.toBase64url(data) ||
        node.toBase64(data) !== web.toBase64(data) ||
        node.toHex(data) !== web.toHex(data)
      )
        return false;
      return Buffer.compare(node.sha256(data), web.sha256(data)) === 0;
    }),
  );
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => node.base64urlOfUtf8(text) === web.base64urlOfUtf8(text)));
  const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 100 });
  fc.assert(
    fc.property(ascii, (text) => node.digestOf(text) === web.digestOf(text) && Buffer.compare(node.ascii(text), web.ascii(text)) === 0),
  );
  t.same(Buffer.from(node.utf8('zażółć')), Buffer.from(web.utf8('zażółć')));
});

t.test('decoding accepts the canonical text only, alike in both', async (t) => {
  const alphabet = fc.string({ unit: fc.constantFrom(...'ABCDwxyz01589-_+/= \n'), maxLength: 12 });
  const same = (a: Uint8Array | undefined, b: Uint8Array | undefined) =>
    a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
  const decoders = [
    [node.fromBase64url, web.fromBase64url],
    [node.fromBase64, web.fromBase64],
    [node.fromHex, web.fromHex],
  ] as const;
  for (const [inNode, inBrowser] of decoders) {
    fc.assert(
      fc.property(alphabet, (text) => same(inNode(text), inBrowser(text))),
      { numRuns: 2000 },
    );
  }
  for (const bytes of [node, web]) {
    t.same(Array.from(bytes.fromBase64url('_-8')!), [255, 239]);
    t.equal(bytes.fromBase64url('_-9'), undefined, 'unused bits');
    t.equal(bytes.fromBase64url('_-8='), undefined, 'padding');
    t.equal(bytes.fromBase64url('/+8'), undefined, 'other alphabet');
    t.same(Array.from(bytes.fromBase64('/+8=')!), [255, 239]);
    t.equal(bytes.fromHex('0G'), undefined);
    t.equal(bytes.fromHex('AB'), undefined, 'one case only');
  }
});

t.test('text that is not UTF-8 is not text', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (data) => node.textOf(data) === web.textOf(data)),
    { numRuns: 2000 },
  );
  const mark = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61);
  for (const bytes of [node, web]) {
    t.equal(bytes.textOf(Uint8Array.of(0xc0, 0x80)), undefined, 'overlong');
    t.equal(bytes.textOf(Uint8Array.of(0xed, 0xa0, 0x80)), undefined, 'surrogate');
    t.equal(bytes.textOf(mark), '\ufeffa', 'the byte order mark stays');
  }
});
