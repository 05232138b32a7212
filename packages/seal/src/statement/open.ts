import { type OpenClaims, openRelations, type Relation } from '@entente/statement';
import { digestOf } from '#bytes';
import { SealError } from '../errors.js';
import { isCode, isDigestClaim, readClaims } from '../identity/claims.js';
import { openCompact } from '../identity/compact.js';
import type { Digest, FindKey, KeyRecord } from '../identity/keys.js';
import type { Json, JsonObject } from '../identity/strict-json.js';
import { readOpenClaims } from './claims.js';
import { digestElement, statementTyp } from './digests.js';
import { type Disclosed, Revealer } from './reveal.js';

export interface OpenedStatement {
  jwt: string;
  digest: Digest;
  claims: OpenClaims;
  /** open relations and those that were disclosed */
  rel: Relation[];
  /** what was disclosed of the body; the groups of other data classes still stand apart */
  body: JsonObject;
  /** containers before what is in them; pointers into what was disclosed */
  disclosed: Disclosed[];
  /** the originator's key, as it stood in its history */
  key: KeyRecord;
}

/**
 * Verifies a statement and puts the disclosures in their places (RFC 9901 7.1, stricter where it allows two
 * readings). Every error is final: nothing of a statement that fails is given back.
 *
 * @param disclosures texts as they came, attacker-controlled
 * @param provenBefore a time at which the statement provably existed, see assertKeyValid
 * @throws SealError all codes of form, key, signature and statement
 */
export async function openStatement(
  jwt: string,
  disclosures: readonly string[],
  findKey: FindKey,
  { provenBefore }: { provenBefore?: number } = {},
): Promise<OpenedStatement> {
  const { claims, key } = await openCompact(jwt, { typ: statementTyp, use: 'statement', findKey, read: readOpenClaims, provenBefore });
  const revealer = new Revealer(disclosures);
  const relations = (claims.rel ?? []) as Json[];
  const rel = revealer.array(relations, '/rel', 2).map(readRelation);
  assertOpenness(relations, rel);
  const body = revealer.object((claims.body ?? {}) as JsonObject, '/body', 2);
  return { jwt, digest: digestOf(jwt), claims, rel, body, disclosed: revealer.finish(), key };
}

const readRelation = (relation: Json): Relation => readClaims(relation, { type: isCode, of: isDigestClaim });

/** Recalls, corrections and replacements bind everybody who holds the target, so they must be open; every other relation must not be. */
function assertOpenness(written: readonly Json[], revealed: readonly Relation[]): void {
  const open = written.filter((entry) => !Object.hasOwn(entry as object, digestElement)) as unknown as Relation[];
  const closed = revealed.length - open.length;
  if (!open.every(({ type }) => openRelations.has(type))) throw new SealError('bad_claims', 'rel');
  if (revealed.filter(({ type }) => !openRelations.has(type)).length !== closed) throw new SealError('bad_claims', 'rel');
}

/** The form in which a statement with its disclosures stands alone, e.g. in a file (RFC 9901 4). */
export const joinStatement = (jwt: string, disclosures: readonly string[]): string => `${[jwt, ...disclosures].join('~')}~`;

/** @throws SealError malformed, trailing_text: a statement ends in `~`, for there is no key binding */
export function splitStatement(text: string): { jwt: string; disclosures: string[] } {
  const [jwt = '', ...disclosures] = text.split('~');
  const last = disclosures.pop();
  if (last === undefined) throw new SealError('malformed', 'no tilde at the end');
  if (last !== '') throw new SealError('trailing_text');
  return { jwt, disclosures };
}
