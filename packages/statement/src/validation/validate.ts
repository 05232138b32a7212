import { partsOf } from '../disclosure/layout.js';
import { claimsSchema, type OpenClaims, type Relation, relationsSchema, type StatementInput } from '../envelope.js';
import { inputSchemaOf } from '../input-schema.js';
import type { JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import { rules } from '../rules/registry.js';
import type { Subject } from '../rules/rule.js';
import type { Annotated } from '../schema/members.js';
import { type Compiled, guarded, thorough } from './ajv.js';
import { disclosedSchema } from './disclosed-schema.js';
import type { Finding } from './finding.js';
import { schemaFindings } from './schema-findings.js';

interface Schema {
  root: Annotated;
  validate: Compiled;
}
interface Compilations {
  full: Schema;
  claims: Schema;
  disclosed: Schema;
  relations: Schema;
}

const compiled = new WeakMap<Kind, Compilations>();

/** Compiling takes milliseconds, so it waits for the first statement of the kind. */
function compilationsOf(kind: Kind): Compilations {
  const made = compiled.get(kind) ?? {
    full: compile(thorough, inputSchemaOf(kind)),
    claims: compile(guarded, claimsSchema(kind.name, kind.ver) as Annotated),
    disclosed: compile(guarded, disclosedSchema(kind.body) as Annotated),
    relations: compile(guarded, relationsSchema as Annotated),
  };
  compiled.set(kind, made);
  return made;
}

const compile = (ajv: typeof guarded, root: Annotated): Schema => ({ root, validate: ajv.compile(root) });

/** Judges what is to be issued: schema, then the rules. Empty, or warnings only: good. */
export function validateFull(kind: Kind, input: unknown): Finding[] {
  return judge(kind, input).map(settled);
}

/** The same for a draft: what an officer must still decide is of level `open`, everything else as for a whole statement. */
export function validateDraft(kind: Kind, input: unknown): Finding[] {
  const found = judge(kind, input);
  const first = (f: Finding) => found.findIndex((other) => other.level === 'open' && other.pointer === f.pointer);
  return found.filter((f, i) => f.level !== 'open' || first(f) === i);
}

/**
 * Judges what a partner disclosed of a statement. Attacker-controlled. Any part may be absent; what is there obeys the schema and those
 * rules that need nothing else.
 * @param body flat, see `unfold`; @param rel the relations open or disclosed
 */
export function validateDisclosed(kind: Kind, claims: OpenClaims, body: JsonObject, rel: readonly Relation[] = []): Finding[] {
  const made = compilationsOf(kind);
  const shape = [
    ...schemaFindings(made.claims.root, made.claims.validate, claims),
    ...schemaFindings(made.disclosed.root, made.disclosed.validate, body, '/body'),
    ...schemaFindings(made.relations.root, made.relations.validate, rel, '/rel'),
  ].map(settled);
  if (shape.length > 0) return shape;
  const { valid_from: validFrom, valid_until: validUntil, handling, legal_basis: legalBasis } = claims;
  const subject = { kind, validFrom, validUntil, handling, legalBasis, rel, body, parts: partsOf(kind, body, rel) };
  return rules.filter((rule) => rule.atReceipt).flatMap((rule) => rule.check(subject).map(settled));
}

/** Rules look at what has the right shape, so a fault of form ends the judgement; what is absent does not. */
function judge(kind: Kind, input: unknown): Finding[] {
  const { root, validate } = compilationsOf(kind).full;
  const shape = schemaFindings(root, validate, input);
  if (shape.some((f) => f.id === 'schema' && f.level === 'reject')) return shape;
  const subject = subjectOf(kind, input as Partial<StatementInput>);
  return [...shape, ...rules.flatMap((rule) => rule.check(subject))];
}

function subjectOf(kind: Kind, input: Partial<StatementInput>): Subject {
  const { body = {}, rel = [], handling = {}, legal_basis: legalBasis = [] } = input;
  const [validFrom, validUntil] = [secondsOf(input.valid_from), secondsOf(input.valid_until)];
  return { kind, validFrom, validUntil, handling, legalBasis, rel, body, parts: partsOf(kind, body, rel) };
}

const secondsOf = (time: string | undefined): number | undefined => (time === undefined ? undefined : Math.floor(Date.parse(time) / 1000));

/** In a whole statement nothing may be left open. */
const settled = (f: Finding): Finding => (f.level === 'open' ? { ...f, level: 'reject' } : f);
