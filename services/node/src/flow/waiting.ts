/** What came while this node was behind is neither found nor matched until the feed was read to its end: a recall may stand there. */
import { kindOf, unfold } from '@entente/statement';
import type { Digest, Store } from '@entente/store';
import type { ContentKeys } from '../content-keys.js';
import type { Directory } from '../peers/directory.js';
import { allDisclosures } from './disclosures.js';
import { openHeld } from './open-held.js';
import { tokensOf } from './tokens.js';

const AT_ONCE = 500;

export interface WaitingDeps {
  store: Pick<Store, 'waiting' | 'statement' | 'content' | 'commit'>;
  content: ContentKeys;
  directory: Pick<Directory, 'findKey'>;
}

type Waiting = Awaited<ReturnType<WaitingDeps['store']['waiting']>>[number];

/** Slice by slice: what a crash leaves undone waits on. */
export async function matchWaiting(deps: WaitingDeps, peer: string): Promise<void> {
  for (;;) {
    const waiting = await deps.store.waiting(peer, AT_ONCE);
    if (waiting.length === 0) return;
    await deps.store.commit({
      matched: await Promise.all(waiting.map(async (item) => ({ ref: item.ref, tokens: await tokensFor(deps, item) }))),
    });
  }
}

/** None for what is recalled, and for what cannot be opened any more. */
async function tokensFor(deps: WaitingDeps, { ref, statement, recalled, tokens }: Waiting): Promise<Uint8Array[]> {
  if (recalled) return [];
  return tokens ?? (await tokensAnew(deps, ref, statement));
}

async function tokensAnew(deps: WaitingDeps, ref: Digest, statement: Digest): Promise<Uint8Array[]> {
  const record = await deps.store.statement(statement);
  const kind = record && kindOf(record.kind, record.ver);
  const texts = await allDisclosures(deps, ref);
  if (!kind || texts.length === 0) return [];
  const { rel, body } = await openHeld(record, texts, deps.directory.findKey);
  return tokensOf(deps.content, kind, unfold(kind, body), rel);
}
