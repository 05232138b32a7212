import fc from 'fast-check';
import t from 'tap';
import { parseStrict, writeStrict } from '../src/index.js';

const refused: [string, string, string][] = [
  ['duplicate_member', 'the same name', '{"a":1,"a":1}'],
  ['duplicate_member', 'the same name escaped', '{"a":1,"\\u0061":2}'],
  ['duplicate_member', 'deep inside', '[{"x":{"a":"}","b":[{"c":1,"c":[]}]}}]'],
  ['duplicate_member', 'behind quotes and backslashes', '{"\\\\":1,"\\"":2,"\\\\":3}'],
  ['duplicate_member', '__proto__', '{"__proto__":1,"__proto__":2}'],
  ['lone_surrogate', 'as escape', '{"a":"\\ud800"}'],
  ['lone_surrogate', 'in a name', '{"\\udc00":1}'],
  ['lone_surrogate', 'as it is', '{"a":"\ud800"}'],
  ['lone_surrogate', 'pair the wrong way round', '["\\udc00\\ud800"]'],
  ['bad_number', 'fraction', '{"a":1.0}'],
  ['bad_number', 'exponent', '{"a":1e0}'],
  ['bad_number', 'large exponent', '[1E5]'],
  ['bad_number', '2^53', '[9007199254740992]'],
  ['bad_number', '-2^53', '[-9007199254740992]'],
  ['bad_number', 'minus zero', '[-0]'],
  ['bad_number', 'infinite', '[1e400]'],
  ['too_deep', '17 arrays', '['.repeat(17) + ']'.repeat(17)],
  ['too_deep', 'a million arrays', '['.repeat(1_000_000)],
  ['malformed', 'nothing', ''],
  ['malformed', 'open text', '{"a":"b'],
  ['malformed', 'open text after a backslash', '["\\"'],
  ['malformed', 'leading zero', '[01]'],
  ['malformed', 'byte order mark', '\ufeff{}'],
  ['malformed', 'comment', '{}//'],
  ['malformed', 'two values', '{}{}'],
];

t.test('JSON that two readers could understand differently is refused', async (t) => {
  for (const [code, what, text] of refused) t.throws(() => parseStrict(text), { code }, what);
});

t.test('F06 one meaning has one text, or none', async (t) => {
  const texts = ['{"name":"ABC Trading"}', '{"name":"ABCTrading"}', '{"name":"Caf\u00e9"}', '{"name":"Cafe\u0301"}'];
  t.equal(new Set(texts.map((text) => writeStrict(parseStrict(text)))).size, texts.length, 'spaces and compositions are kept');
  t.same(parseStrict('{"n":1}'), { n: 1 });
  for (const text of ['{"n":1.0}', '{"n":1e0}', '{"n":10e-1}']) t.throws(() => parseStrict(text), { code: 'bad_number' }, text);
  t.throws(() => parseStrict('{"n":1,"n":1}'), { code: 'duplicate_member' });
});

const name = fc.oneof(fc.constantFrom('a', 'b', '"', '\\', ':', '{', '}', '__proto__', 'e', '1.5'), fc.string({ unit: 'binary' }));
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((n) => n + 0),
    name,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.uniqueArray(fc.tuple(name, tie('json')), { selector: ([key]) => key, maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

t.test('what is written is read again, whatever stands in names and texts', async () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = writeStrict(value as never);
      return JSON.stringify(parseStrict(text)) === text && JSON.stringify(parseStrict(JSON.stringify(value, null, 2))) === text;
    }),
    { numRuns: 500 },
  );
});

t.test('a member written twice is found wherever it stands', async () => {
  const members = fc.array(fc.tuple(name, fc.jsonValue({ maxDepth: 2, noUnicodeString: false })), { minLength: 1, maxLength: 5 });
  const integers = (value: unknown): boolean =>
    typeof value === 'number'
      ? Number.isSafeInteger(value) && !Object.is(value, -0)
      : typeof value !== 'object' || Object.values(value ?? {}).every(integers);
  fc.assert(
    fc.property(members, (entries) => {
      fc.pre(entries.every(([, value]) => integers(value)));
      const text = `[{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}]`;
      const unique = new Set(entries.map(([key]) => key)).size === entries.length;
      try {
        parseStrict(text);
        return unique;
      } catch (error) {
        return (error as { code: string }).code === 'duplicate_member' && !unique;
      }
    }),
    { numRuns: 500 },
  );
});

t.test('nothing is signed that a strict reader would refuse', async (t) => {
  t.throws(() => writeStrict({ a: 1.5 }), { code: 'bad_number' });
  t.throws(() => writeStrict({ a: 1e21 }), { code: 'bad_number' });
  t.throws(() => writeStrict({ a: 2 ** 53 }), { code: 'bad_number' });
  t.throws(() => writeStrict({ a: '\udfff' }), { code: 'lone_surrogate' });
  t.equal(writeStrict({ a: 'tab\t \\ud800' }), '{"a":"tab\\t \\\\ud800"}', 'an escape of text that only looks like a surrogate');
});
