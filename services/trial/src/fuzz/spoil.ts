/** Spoils what is well formed a little, so that what reads it gets far before it meets what is wrong. */
import fc from 'fast-check';

/** What breaks readers: ends of ranges, other alphabets, structure where none belongs. */
const dictionary = [
  '',
  '0',
  '-0',
  '1e999',
  '9007199254740993',
  '-1',
  'null',
  'true',
  '""',
  '{}',
  '[]',
  '{"__proto__":{}}',
  '"constructor"',
  '\\u0000',
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u202e',
  'e\u0301',
  '~',
  '.',
  '..',
  '=',
  '\n',
  '\r\n',
  '\u2014 ',
  '<!DOCTYPE a>',
  '&#0;',
  '<![CDATA[',
  'https://',
  '{{{{{{{{{{{{{{{{{',
  '[[[[[[[[[[[[[[[[[[[[',
  'A'.repeat(5000),
];

interface Edit {
  /** Share of the text, 0 to 1. */
  at: number;
  /** Characters that go. */
  gone: number;
  put: string;
}

const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    gone: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(400)),
    put: fc.oneof(fc.constantFrom(...dictionary), fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 40 })),
  }),
  { minLength: 0, maxLength: 4 },
);

const edited = (text: string, all: Edit[]): string =>
  all.reduce((so, { at, gone, put }) => {
    const place = Math.floor(at * so.length);
    return so.slice(0, place) + put + so.slice(place + gone);
  }, text);

/** Edits of the text itself, or of what one of its base64url parts says, encoded again. */
export const spoilt = (text: string): fc.Arbitrary<string> =>
  fc.tuple(edits, fc.nat(5)).map(([all, part]) => {
    const parts = text.split(/([.~])/);
    const at = 2 * part;
    const inner = parts[at] && /^[A-Za-z0-9_-]{8,}$/.test(parts[at]) ? Buffer.from(parts[at], 'base64url').toString() : undefined;
    if (inner === undefined) return edited(text, all);
    return parts.map((each, i) => (i === at ? Buffer.from(edited(inner, all)).toString('base64url') : each)).join('');
  });
