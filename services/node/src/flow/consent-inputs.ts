/** Requests for consent and decisions on them, as statements: made from what they are about, so that an officer says only what he decides. */
import type { Handling, JsonObject, LegalBasis, Relation, StatementInput } from '@entente/statement';
import type { StatementRecord } from '@entente/store';

export interface RequestedScope {
  fields: string[];
  classes: string[];
  purposes: string[];
  until: string;
}

/** `about` gives handling and legal basis: a talk about something is not marked lower than the thing itself. */
export function statementAbout(
  about: StatementRecord,
  kind: 'consent_request' | 'consent',
  { now, validUntil, rel, body }: { now: number; validUntil: string; rel: Relation[]; body: JsonObject },
): StatementInput {
  const { handling, legal_basis, lang } = about.claims as { handling: Handling; legal_basis: LegalBasis[]; lang: string };
  return {
    kind,
    lang,
    exercise: about.exercise,
    valid_from: `${new Date(now * 1000).toISOString().slice(0, 19)}Z`,
    valid_until: validUntil,
    handling,
    legal_basis,
    rel,
    body,
  };
}

export const latest = (...times: string[]): string => times.reduce((a, b) => (Date.parse(b) > Date.parse(a) ? b : a));

/** `id` and node, so that each recipient is a part of its own. */
export const recipientsOf = (nodes: readonly string[]): JsonObject[] => nodes.map((node, i) => ({ id: `R${i + 1}`, node }));
