/** What this node holds of a statement's disclosures, opened. */
import { digestOf, SealError } from '@entente/seal';
import type { Digest, InboxRecord, Store } from '@entente/store';
import type { ContentKeys } from '../content-keys.js';

interface Deps {
  store: Pick<Store, 'content' | 'contentRefs' | 'receivedByDigest'>;
  content: ContentKeys;
  now: () => number;
}

/** The texts of exactly the digests named, in their order. Undefined where one is not there, or may not be used, any more. */
export async function disclosuresOf(deps: Deps, statement: Digest, digests: readonly Digest[]): Promise<string[] | undefined> {
  const held = new Map((await heldTexts(deps, statement)).map((text) => [digestOf(text), text]));
  const texts = digests.map((digest) => held.get(digest));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** Of an own statement all; of one that came, what living releases disclose of it. */
export async function heldTexts(deps: Deps, statement: Digest): Promise<string[]> {
  const own = await allDisclosures(deps, statement);
  if (own.length > 0) return own;
  const texts = await Promise.all((await livingReleases(deps, statement)).map(({ digest }) => allDisclosures(deps, digest)));
  return [...new Set(texts.flat())];
}

/** Releases under which a statement of another agency may be used now: each keeps its own terms, and use is allowed while one lives. */
export async function livingReleases({ store, now }: Omit<Deps, 'content'>, statement: Digest): Promise<InboxRecord[]> {
  const refs = await store.contentRefs(statement);
  const releases = await Promise.all(refs.map((ref) => store.receivedByDigest(ref)));
  return releases.filter((release) => release?.verdict === 'held' && (release.retainUntil ?? 0) > now()) as InboxRecord[];
}

/** Empty where the content was erased: it is not here, or the key over it is gone, as after the restore of an old backup. `ref` is the statement's digest at its originator, the release's at a recipient. */
export async function allDisclosures(deps: Pick<Deps, 'content'> & { store: Pick<Store, 'content'> }, ref: Digest): Promise<string[]> {
  const sealed = await deps.store.content(ref);
  if (!sealed) return [];
  try {
    return deps.content.open(sealed, ref);
  } catch (error) {
    if (error instanceof SealError && error.code === 'unknown_kek') return [];
    throw error;
  }
}
