/** What a statement says of others by its open relations, as rows: a recall, a correction, a replacement; or a holder's answer to one. */
import { type Kind, openRelations, type Relation } from '@entente/statement';
import type { Act, Digest, NewReversal, ReversalType } from '@entente/store';

interface Said {
  digest: Digest;
  iss: string;
  iat: number;
  kind: Kind;
  rel: readonly Relation[];
  body: Record<string, unknown>;
}

/** Where the originator withheld what he should not, the strictest counts: the whole, and by the default time. */
const COMPLY_WITHIN = 72 * 3600;

/** @param own signed by this node; @param from who gave it to this node */
export function saidOf(statement: Said, { own, from }: { own: boolean; from?: string }): Pick<Act, 'reversals' | 'compliances'> {
  const reversals = statement.rel
    .filter(({ type }) => openRelations.has(type))
    .map(({ type, of }) => reversal(statement, type as ReversalType, of, own));
  const compliances = statement.kind.name === 'compliance' && from !== undefined ? answers(statement, from) : [];
  return { ...(reversals.length > 0 && { reversals }), ...(compliances.length > 0 && { compliances }) };
}

function reversal({ digest, iss, iat, kind, body }: Said, type: ReversalType, target: Digest, own: boolean): NewReversal {
  const changes = Array.isArray(body.changes) ? (body.changes as { part: Digest }[]).map(({ part }) => part) : [];
  const parts = type === 'recalls' ? ((body.parts as Digest[] | undefined) ?? []) : [...new Set(changes)];
  const effect = type === 'recalls' ? { effect: typeof body.effect === 'string' ? body.effect : 'STOP_USE' } : {};
  return {
    statement: digest,
    kind: kind.name,
    type,
    iss,
    target,
    own,
    ...effect,
    parts,
    complyBy: secondsOf(body.comply_by) ?? iat + COMPLY_WITHIN,
  };
}

function answers({ digest, kind, rel, body }: Said, from: string): NonNullable<Act['compliances']> {
  const keptUntil = secondsOf(body.kept_until);
  return rel
    .filter(({ type }) => type === 'replies_to')
    .map(({ of }) => ({
      statement: digest,
      kind: kind.name,
      reversal: of,
      from,
      outcome: String(body.outcome ?? 'COMPLIED_PARTLY'),
      ...(keptUntil !== undefined && { keptUntil }),
    }));
}

const secondsOf = (time: unknown): number | undefined => (typeof time === 'string' ? Math.floor(Date.parse(time) / 1000) : undefined);
