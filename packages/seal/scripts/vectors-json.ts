import type { SealCode } from '../src/index.js';
import type { Vector } from './vector.js';

const refused: [name: string, what: string, code: SealCode, text: string][] = [
  ['duplicate-member', 'a member twice', 'duplicate_member', '{"a":1,"a":1}'],
  ['duplicate-member-escaped', 'a member twice, once with an escape', 'duplicate_member', '{"a":1,"\\u0061":2}'],
  ['duplicate-member-nested', 'a member twice, inside', 'duplicate_member', '[{"x":{"a":"}","b":[{"c":1,"c":[]}]}}]'],
  ['lone-surrogate', 'half of a surrogate pair', 'lone_surrogate', '{"a":"\\ud800"}'],
  ['lone-surrogate-name', 'half of a surrogate pair in a name', 'lone_surrogate', '{"\\udc00":1}'],
  ['number-fraction', 'an integer written with a fraction', 'bad_number', '{"a":1.0}'],
  ['number-exponent', 'an integer written with an exponent', 'bad_number', '{"a":1e0}'],
  ['number-minus-zero', 'minus zero', 'bad_number', '{"a":-0}'],
  ['number-too-large', '2^53', 'bad_number', '{"a":9007199254740992}'],
  ['number-too-small', '-2^53', 'bad_number', '{"a":-9007199254740992}'],
  ['too-deep', '17 levels', 'too_deep', '['.repeat(17) + ']'.repeat(17)],
  ['not-json', 'a comma too many', 'malformed', '{"a":1,}'],
  ['byte-order-mark', 'a byte order mark', 'malformed', '\ufeff{}'],
];

const accepted: [name: string, what: string, text: string][] = [
  ['largest-integers', 'the largest integers', '[9007199254740991,-9007199254740991,0]'],
  ['deepest', '16 levels', '['.repeat(16) + ']'.repeat(16)],
  ['looks-like-an-escape', 'text that only looks like half of a surrogate pair', '{"a":"\\\\ud800","b":"\\ud83d\\ude00"}'],
  ['structure-in-text', 'brackets, colons and numbers in a text are text', '{"a":"{\\"a\\":1.5,}"}'],
  ['white-space', 'white space', ' {\n"a" :\t1 }\r\n'],
];

export function jsonVectors(): Vector[] {
  const common = { section: '1', operation: 'parse_json', keys: [] } as const;
  return [
    ...refused.map(
      ([name, what, error, text]): Vector => ({ name: `json-${name}`, what, ...common, input: { text }, expected: { error } }),
    ),
    ...accepted.map(
      ([name, what, text]): Vector => ({
        name: `json-ok-${name}`,
        what,
        ...common,
        input: { text },
        expected: { ok: { value: JSON.parse(text) } },
      }),
    ),
  ];
}
