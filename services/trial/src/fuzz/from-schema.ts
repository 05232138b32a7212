/** Values as a schema of the API describes them, and now and then others. */
import fc from 'fast-check';

/** The part of JSON Schema that openapi.yaml uses for requests. */
export interface Schema {
  type?: string;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: unknown;
}

/** Stands in every free text that is sent: it may come back to nobody, and stand in no log. */
export const MARK = 'zquorra';

const LONGEST = 300;
const formats: Record<string, fc.Arbitrary<string>> = {
  'date-time': fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T00:00:00Z') }).map((date) => date.toISOString()),
  date: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T00:00:00Z') })
    .map((date) => date.toISOString().slice(0, 10)),
  uri: fc.webUrl(),
  uuid: fc.uuid(),
};

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
  fc.constantFrom<unknown>(null, -1, 1e308, '\u0000', '__proto__', '\ud800', [], {}, 'x'.repeat(5000)),
);

export const fromSchema = (schema: Schema): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: asDescribed(schema) }, { weight: 1, arbitrary: anything });

function asDescribed(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === 'integer' || schema.type === 'number')
    return fc.integer({ min: bounded(schema.minimum ?? -10), max: bounded(schema.maximum ?? 2 ** 31 - 1) });
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'array') return fc.array(fromSchema(schema.items ?? {}), { maxLength: 3 });
  if (schema.type === 'object') return fc.oneof(record(schema), schema.properties ? fc.constant({}) : fc.dictionary(fc.string(), anything));
  if (schema.type === 'string') return text(schema);
  return anything;
}

const bounded = (value: number): number => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value));

function record({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const members = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, fromSchema(inner)]));
  return fc.record(members, { requiredKeys: required.filter((name) => name in members) });
}

function text({ pattern, format, maxLength = LONGEST }: Schema): fc.Arbitrary<unknown> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'), { size: '-1' });
  if (format !== undefined && formats[format]) return formats[format];
  return fc.string({ unit: 'binary', maxLength: Math.min(maxLength, LONGEST) }).map((free) => `${MARK} ${free}`);
}
