import { type Static, type TSchema, Type } from 'typebox';
import type { JsonObject } from './json.js';
import { annotate } from './schema/annotate.js';
import { code, codes, digest, flag, language, list, nodeId, numericDate, optional, record, time } from './schema/members.js';

/**
 * The open claims (docs/protocol.md section 4). They last for ever and everybody who holds the statement sees them: codes and times
 * only, no free text, no name of a partner. Provisions in words stand in the body.
 */
const handling = annotate(
  'handling',
  'N0',
  record({
    tlp: code('tlp'),
    handling_codes: Type.Array(code('handling-code'), { maxItems: 4, uniqueItems: true }),
    orcon: flag(),
    /** it came from outside the federation, on the terms of somebody who takes no part in it */
    external_originator: optional(flag()),
    onward: record({ mode: code('onward-mode') }),
    purposes: codes('purpose', 11),
    use_in_proceedings: code('use-in-proceedings'),
    disclosure_to_subject: code('disclosure-to-subject'),
    disclosure_to_private_sector: code('disclosure-to-private-sector'),
    classification: record({ scheme: code('classification-scheme'), level: code('classification-level') }),
    retention_class: code('retention-class'),
    data_regime: optional(code('data-regime')),
    death_penalty_assurance: optional(code('death-penalty-assurance')),
  }),
);
export type Handling = Static<typeof handling>;

const legalBasis = annotate(
  'legal_basis',
  'N0',
  list(record({ instrument: code('legal-instrument'), purpose: code('purpose'), jurisdiction: code('country') }), 20),
);
export type LegalBasis = Static<typeof legalBasis>[number];

const relation = annotate('rel', 'N0', record({ type: code('relation'), of: digest() }));
/** `of` is the digest of the statement that this one relates to. */
export type Relation = Static<typeof relation>;

/** Relations that every holder must see, for they end the use of what he holds. All others would tell who holds what. */
export const openRelations: ReadonlySet<string> = new Set(['recalls', 'corrects', 'supersedes']);

/** What an officer or a machine hands in. Times are RFC 3339 in UTC; the body is flat, without disclosure groups. */
export interface StatementInput {
  kind: string;
  lang: string;
  exercise: boolean;
  valid_from: string;
  valid_until: string;
  handling: Handling;
  legal_basis: LegalBasis[];
  rel: Relation[];
  body: JsonObject;
}

/** The claims of the issuer-signed JWT that no one can withhold. Times are numeric dates, RFC 7519 section 2. */
export interface OpenClaims {
  iss: string;
  iat: number;
  jti: string;
  kind: string;
  ver: string;
  exercise: boolean;
  lang: string;
  valid_from: number;
  valid_until: number;
  handling: Handling;
  legal_basis: LegalBasis[];
  rel?: unknown;
  body?: unknown;
  _sd_alg: string;
}

const envelope = () => ({
  exercise: flag(),
  lang: language(),
  handling,
  legal_basis: legalBasis,
});

/** @param relates what the kind demands of its relations, e.g. `{ contains: ... }` */
export function inputSchema(kind: string, body: TSchema, relates: Record<string, unknown>): TSchema {
  return annotate(
    '',
    'N0',
    record({
      kind: Type.Literal(kind),
      ...envelope(),
      valid_from: time(),
      valid_until: time(),
      rel: Type.Array(relation, { maxItems: 50, uniqueItems: true, ...relates }),
      body,
    }),
  );
}

/** The open claims as they arrive; what `rel` and `body` disclose is judged apart. */
export function claimsSchema(kind: string, ver: string): TSchema {
  return record({
    iss: nodeId(),
    iat: numericDate(),
    jti: Type.String({ pattern: '^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$', maxLength: 45 }),
    kind: Type.Literal(kind),
    ver: Type.Literal(ver),
    ...envelope(),
    valid_from: numericDate(),
    valid_until: numericDate(),
    rel: optional(Type.Unknown()),
    body: optional(Type.Unknown()),
    _sd_alg: Type.Literal('sha-256'),
  });
}

/** Relations as disclosed: none need be there. */
export const relationsSchema: TSchema = Type.Array(relation, { maxItems: 50, uniqueItems: true });
