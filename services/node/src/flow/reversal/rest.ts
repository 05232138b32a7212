/** What is left of a statement when parts of it are recalled. */
import type { FindKey, OpenedStatement } from '@entente/seal';
import { kindOf, unfold } from '@entente/statement';
import type { Digest, ReversalRecord, StatementRecord, Store } from '@entente/store';
import { isRecalled } from '../../agency/states.js';
import type { ContentKeys } from '../../content-keys.js';
import type { Directory } from '../../peers/directory.js';
import { Problem } from '../../problem.js';
import { attachmentsIn } from '../named-attachments.js';
import { openHeld } from '../open-held.js';
import { tokensOf } from '../tokens.js';

/** The disclosures that may stay: a part goes with everything that stands in it. */
export function restOf(disclosed: OpenedStatement['disclosed'], parts: ReadonlySet<Digest>): string[] {
  const gone = disclosed.filter(({ digest }) => parts.has(digest)).map(({ pointer }) => pointer);
  return disclosed.filter(({ pointer }) => !gone.some((out) => pointer === out || pointer.startsWith(`${out}/`))).map(({ text }) => text);
}

/** Of the recalls that name the statement, those of its originator: whether the whole is recalled, and which parts. */
export async function recalledOf(
  store: Pick<Store, 'reversalsOf'>,
  statements: readonly { digest: Digest; iss: string }[],
): Promise<Map<Digest, { whole: boolean; parts: Set<Digest> }>> {
  const issuers = new Map(statements.map(({ digest, iss }) => [digest, iss]));
  const found = new Map<Digest, { whole: boolean; parts: Set<Digest> }>();
  for (const { type, target, iss, parts } of await store.reversalsOf([...issuers.keys()])) {
    if (type !== 'recalls' || issuers.get(target) !== iss) continue;
    const before = found.get(target) ?? { whole: false, parts: new Set() };
    found.set(target, { whole: before.whole || parts.length === 0, parts: new Set([...before.parts, ...parts]) });
  }
  return found;
}

/** Throws `recalled` where the originator has said so of the whole. */
export function assertNotRecalled(record: Pick<StatementRecord, 'reversals'>): void {
  if (isRecalled(record)) throw new Problem('recalled', 'its originator has recalled this statement: it is not used any more');
}

/** Of the texts that are here, those that may be used: recalled parts are not, also while they still lie here. Throws `recalled`. */
export async function usableTexts(
  store: Pick<Store, 'reversalsOf'>,
  record: StatementRecord,
  texts: string[],
  findKey: FindKey,
): Promise<string[]> {
  assertNotRecalled(record);
  if (texts.length === 0 || !record.reversals.some(({ type }) => type === 'recalls')) return texts;
  const { parts = new Set<Digest>() } = (await recalledOf(store, [record])).get(record.digest) ?? {};
  return restOf((await openHeld(record, texts, findKey)).disclosed, parts);
}

export interface RestDeps {
  content: ContentKeys;
  directory: Pick<Directory, 'findKey'>;
}

export interface Rest {
  rest: string[];
  /** What it is found by. */
  tokens: Uint8Array[];
  /** Attachments that only the parts have named. */
  forgets: Uint8Array[];
}

/** The texts of a content without the parts. */
export async function without(
  { content, directory }: RestDeps,
  record: Pick<StatementRecord, 'jwt' | 'storedAt' | 'kind' | 'ver'>,
  texts: readonly string[],
  parts: ReversalRecord['parts'],
): Promise<Rest> {
  const before = await openHeld(record, texts, directory.findKey);
  const rest = restOf(before.disclosed, new Set(parts));
  const after = await openHeld(record, rest, directory.findKey);
  const kind = kindOf(record.kind, record.ver);
  if (!kind) return { rest, tokens: [], forgets: [] };
  const body = unfold(kind, after.body);
  const named = new Set(attachmentsIn(body).map(({ sha256 }) => sha256));
  const gone = attachmentsIn(unfold(kind, before.body)).filter(({ sha256 }) => !named.has(sha256));
  return {
    rest,
    tokens: tokensOf(content, kind, body, after.rel),
    forgets: gone.map(({ sha256 }) => content.fingerprint(Buffer.from(sha256, 'base64url'))),
  };
}
