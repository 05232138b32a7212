/** Requests to every operation of openapi.yaml, in every role, from its schema and from its example. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Person } from '../people.js';
import { fromSchema, MARK, type Schema } from './from-schema.js';
import { spoilt } from './spoil.js';

export interface Ask {
  operation: string;
  method: string;
  url: string;
  /** Undefined: without a token. */
  as: Person | undefined;
  headers: Record<string, string>;
  body?: string;
}

interface Operation {
  operationId: string;
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema; example?: unknown }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
}

/** Goes on for as long as the caller stays. */
const ENDLESS = '/v1/events';
const persons: (Person | undefined)[] = ['analyst', 'releaser', 'head', 'administrator', 'auditor', undefined];

/** `known` names things that exist in the node: digests, ids. */
export function asks(known: readonly string[]): fc.Arbitrary<Ask> {
  const description = parse(readFileSync(new URL('../../../../../openapi.yaml', import.meta.url), 'utf8')) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const all = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const finite = all.filter(({ path }) => path !== ENDLESS);
  return fc.oneof(...finite.map(({ path, method, operation }) => askOf(path, method, operation, known)));
}

function askOf(path: string, method: string, operation: Operation, known: readonly string[]): fc.Arbitrary<Ask> {
  const parameters = operation.parameters ?? [];
  const of = (place: string) =>
    fc.record(
      Object.fromEntries(
        parameters.filter((p) => p.in === place).map((p) => [p.name, place === 'path' ? named(p.schema, known) : fromSchema(p.schema)]),
      ),
      place === 'path' ? {} : { requiredKeys: [] },
    );
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  return fc
    .record({
      as: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...persons) }, { weight: 1, arbitrary: fc.constant(undefined) }),
      path: of('path'),
      query: of('query'),
      headers: of('header'),
      purposed: fc.boolean(),
      body: content ? bodyOf(content) : fc.constant(undefined),
    })
    .map(({ as, body, ...parts }) => ({
      operation: operation.operationId,
      method: method.toUpperCase(),
      url: addressed(path, parts.path, parts.query),
      as,
      headers: {
        ...(type && { 'content-type': type }),
        ...(parts.purposed && { 'entente-purpose': 'CUSTOMS_CONTROL', 'entente-justification': `${MARK} justification` }),
        ...sendable(parts.headers),
      },
      ...(body !== undefined && { body }),
    }));
}

const named = (schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> =>
  known.length > 0 ? fc.oneof(fc.constantFrom(...known), fromSchema(schema)) : fromSchema(schema);

function bodyOf({ schema, example }: { schema: Schema; example?: unknown }): fc.Arbitrary<string> {
  const made = fromSchema(schema).map((value) => JSON.stringify(value) ?? '');
  if (example === undefined) return made;
  return fc.oneof(made, spoilt(typeof example === 'string' ? example : JSON.stringify(example, marked)));
}

/** Free texts have spaces; names and codes have none. */
const marked = (_name: string, value: unknown): unknown => (typeof value === 'string' && value.includes(' ') ? `${MARK} ${value}` : value);

function addressed(path: string, named: Record<string, unknown>, query: Record<string, unknown>): string {
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(named[name]));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name}=${encoded(one)}`),
  );
  return pairs.length > 0 ? `${place}?${pairs.join('&')}` : place;
}

/** A lone surrogate has no encoding. */
const encoded = (value: unknown): string =>
  encodeURIComponent(Buffer.from(typeof value === 'object' ? JSON.stringify(value) : String(value)).toString());

/** What HTTP lets anybody send. */
const sendable = (headers: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      String(value)
        .replace(/[^\x20-\x7e]/g, '?')
        .trim()
        .slice(0, 2000),
    ]),
  );
