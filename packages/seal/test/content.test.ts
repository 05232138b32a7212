import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import type { Kek } from '../src/index.js';
import { kekOf, keyedDigest, openContent, rewrapContent, sealContent, searchToken } from '../src/node.js';

const random = (bytes: number) => randomBytes(bytes);
const kek = kekOf('2026-03', randomBytes(32), random);
const later = kekOf('2026-04', randomBytes(32), random);
const find = (id: string): Kek | undefined => [kek, later].find((known) => known.id === id);

t.test('content opens to what was sealed', async () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.string({ unit: 'grapheme-ascii' }), (texts, ref) => {
      const opened = openContent(sealContent(texts, { random, kek }, ref), find, ref);
      return JSON.stringify(opened) === JSON.stringify(texts);
    }),
  );
});

t.test('each content has its own key and nonce, and shows nothing of the text', async (t) => {
  const [a, b] = [1, 2].map(() => sealContent(['Kestrel Composites Demo BV'], { random, kek }, 'ref'));
  t.not(Buffer.compare(a!.wrappedKey, b!.wrappedKey), 0);
  t.not(Buffer.compare(a!.ciphertext, b!.ciphertext), 0);
  t.notOk(Buffer.from(a!.ciphertext).includes('Kestrel'));
});

t.test('what was altered, moved or cut does not open', async (t) => {
  const sealed = sealContent(['a', 'b'], { random, kek }, 'ref');
  const unreadable = { code: 'content_unreadable' };
  t.throws(() => openContent(sealed, find, 'another ref'), unreadable);
  for (const member of ['ciphertext', 'wrappedKey'] as const) {
    for (const at of [0, 13, sealed[member].length - 1]) {
      const altered = Buffer.from(sealed[member]);
      altered[at]! ^= 1;
      t.throws(() => openContent({ ...sealed, [member]: altered }, find, 'ref'), unreadable, `${member} at ${at}`);
    }
    t.throws(() => openContent({ ...sealed, [member]: sealed[member].subarray(0, 5) }, find, 'ref'), unreadable, `${member} cut`);
  }
  t.throws(() => openContent({ ...sealed, kekId: '2026-04' }, find, 'ref'), unreadable, 'another KEK');
  t.throws(() => openContent({ ...sealed, kekId: 'gone' }, find, 'ref'), { code: 'unknown_kek' });
});

t.test('a content moves to another KEK and no longer opens under the old one', async (t) => {
  const sealed = sealContent(['a'], { random, kek }, 'ref');
  const moved = rewrapContent(sealed, find, later, 'ref');
  t.equal(moved.kekId, '2026-04');
  t.equal(Buffer.compare(moved.ciphertext, sealed.ciphertext), 0, 'the content stays as it is');
  const onlyLater = (id: string) => (id === later.id ? later : undefined);
  t.same(openContent(moved, onlyLater, 'ref'), ['a']);
  t.throws(() => openContent(sealed, onlyLater, 'ref'), { code: 'unknown_kek' });
  t.throws(() => rewrapContent(sealed, onlyLater, later, 'ref'), { code: 'unknown_kek' });
  t.throws(() => kekOf('short', randomBytes(16), random), { code: 'unknown_kek' });
});

t.test('search tokens are equal for equal values of one field under one key, and for nothing else', async (t) => {
  const key = randomBytes(32);
  const token = (field: string, value: string, by = key) => Buffer.from(searchToken(by, field, value)).toString('hex');
  t.equal(token('container', 'ZZZU1234564').length, 32);
  t.equal(token('container', 'ZZZU1234564'), token('container', 'ZZZU1234564'));
  t.not(token('container', 'ZZZU1234564'), token('imo', 'ZZZU1234564'));
  t.not(token('ab', 'c'), token('a', 'bc'));
  t.not(token('a:b', 'c'), token('a', 'b:c'));
  t.not(token('a', 'b'), token('a', 'b', randomBytes(32)));
  t.equal(keyedDigest(key, randomBytes(3)).length, 32);
});
