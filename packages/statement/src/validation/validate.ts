import { partsOf } from '../disclosure/layout.js';
import { claimsSchema, type OpenClaims, type Relation, relationsSchema, type StatementInput } from '../envelope.js';
import { inputSchemaOf } from '../input-schema.js';
import { isObject, type JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import { rules } from '../rules/registry.js';
import type { Subject } from '../rules/rule.js';
import type { Annotated } from '../schema/members.js';
import { walk } from '../schema/walk.js';
import { guarded, thorough } from './ajv.js';
import { disclosedSchema } from './disclosed-schema.js';
import type { Finding } from './finding.js';
import { type Schema, schemaFindings } from './schema-findings.js';

/** What can be judged of a kind, each with its schema. */
const schemas = {
  full: (kind: Kind) => compile(thorough, inputSchemaOf(kind)),
  claims: (kind: Kind) => compile(guarded, claimsSchema(kind.name, kind.ver) as Annotated),
  disclosed: (kind: Kind) => compile(guarded, disclosedSchema(kind.body) as Annotated),
  relations: () => compile(guarded, relationsSchema as Annotated),
};
const compiled = new WeakMap<Kind, Map<string, Schema>>();

const compile = (ajv: typeof guarded, root: Annotated): Schema => ({ root, validate: ajv.compile(root) });

/** Compiling takes a tenth of a second, so each schema waits for its first use. */
function schemaOf(kind: Kind, what: keyof typeof schemas): Schema {
  const made = compiled.get(kind) ?? new Map<string, Schema>();
  compiled.set(kind, made);
  const schema = made.get(what) ?? schemas[what](kind);
  made.set(what, schema);
  return schema;
}

/** Judges what is to be issued: schema, then the rules. Empty, or warnings only: good. */
export function validateFull(kind: Kind, input: unknown): Finding[] {
  return judge(kind, input).map(settled);
}

/**
 * The same for a draft: what an officer must still decide is of level `open`, everything else as for a whole statement. Where handling
 * or body are absent altogether, each of their fields is named.
 */
export function validateDraft(kind: Kind, input: unknown): Finding[] {
  const found = judge(kind, isObject(input) ? { handling: {}, body: {}, ...input } : input);
  const first = (f: Finding) => found.findIndex((other) => other.level === 'open' && other.pointer === f.pointer);
  return found.filter((f, i) => f.level !== 'open' || first(f) === i);
}

/**
 * Judges what a partner disclosed of a statement. Attacker-controlled. Any part may be absent; what is there obeys the schema and those
 * rules that need nothing else.
 * @param body flat, see `unfold`; @param rel the relations open or disclosed
 */
export function validateDisclosed(kind: Kind, claims: OpenClaims, body: JsonObject, rel: readonly Relation[] = []): Finding[] {
  const shape = [
    ...schemaFindings(schemaOf(kind, 'claims'), claims),
    ...schemaFindings(schemaOf(kind, 'disclosed'), body, '/body'),
    ...schemaFindings(schemaOf(kind, 'relations'), rel, '/rel'),
  ].map(settled);
  if (shape.length > 0) return shape;
  const { valid_from: validFrom, valid_until: validUntil, handling, legal_basis: legalBasis } = claims;
  const subject = { kind, validFrom, validUntil, handling, legalBasis, rel, body, ...looked(kind, body, rel) };
  return rules.filter((rule) => rule.atReceipt).flatMap((rule) => rule.check(subject).map(settled));
}

/** Rules look at what has the right shape, so a fault of form ends the judgement; what is absent does not. */
function judge(kind: Kind, input: unknown): Finding[] {
  const shape = schemaFindings(schemaOf(kind, 'full'), input);
  if (shape.some((f) => f.id === 'schema' && f.level === 'reject')) return shape;
  const subject = subjectOf(kind, input as Partial<StatementInput>);
  return [...shape, ...rules.flatMap((rule) => rule.check(subject))];
}

function subjectOf(kind: Kind, input: Partial<StatementInput>): Subject {
  const { body = {}, rel = [], handling = {}, legal_basis: legalBasis = [] } = input;
  const [validFrom, validUntil] = [secondsOf(input.valid_from), secondsOf(input.valid_until)];
  return { kind, validFrom, validUntil, handling, legalBasis, rel, body, ...looked(kind, body, rel) };
}

function looked(kind: Kind, body: JsonObject, rel: readonly Relation[]): Pick<Subject, 'parts' | 'visits'> {
  return { parts: partsOf(kind, body, rel), visits: walk(kind.body, body, '/body') };
}

const secondsOf = (time: string | undefined): number | undefined => (time === undefined ? undefined : Math.floor(Date.parse(time) / 1000));

/** In a whole statement nothing may be left open. */
const settled = (f: Finding): Finding => (f.level === 'open' ? { ...f, level: 'reject' } : f);
