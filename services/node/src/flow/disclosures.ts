/** What this node holds of a statement's disclosures, opened. */
import { digestOf } from '@entente/seal';
import type { Digest, Store } from '@entente/store';
import type { ContentKeys } from '../content-keys.js';

/** The texts of exactly the digests named, in their order. Undefined where one is not there any more. */
export async function disclosuresOf(
  deps: { store: Pick<Store, 'content'>; content: ContentKeys },
  ref: Digest,
  digests: readonly Digest[],
): Promise<string[] | undefined> {
  const held = new Map((await allDisclosures(deps, ref)).map((text) => [digestOf(text), text]));
  const texts = digests.map((digest) => held.get(digest));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** Empty where the content was erased. `ref` is the statement's digest at its originator, the release's at a recipient. */
export async function allDisclosures(deps: { store: Pick<Store, 'content'>; content: ContentKeys }, ref: Digest): Promise<string[]> {
  const sealed = await deps.store.content(ref);
  return sealed ? deps.content.open(sealed, ref) : [];
}
