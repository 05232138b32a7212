/** What this node may show of a statement, to this person, for this purpose, now. */
import { purposesOf } from '@entente/policy';
import type { FindKey } from '@entente/seal';
import { type Handling, type Json, kindOf, unfold } from '@entente/statement';
import type { InboxRecord, StatementRecord, Store } from '@entente/store';
import type { ContentKeys } from '../content-keys.js';
import { allDisclosures, livingReleases } from '../flow/disclosures.js';
import { openHeld } from '../flow/open-held.js';
import { assertNotRecalled, usableTexts } from '../flow/reversal/rest.js';
import { Problem } from '../problem.js';
import { requirePurpose } from '../purpose.js';
import type { Actor } from './acts.js';
import { notShown } from './not-shown.js';
import { notHere, present, when } from './shapes.js';

export interface ContentDeps {
  store: Pick<Store, 'content' | 'contentRefs' | 'receivedByDigest' | 'reversalsOf'>;
  content: ContentKeys;
  findKey: FindKey;
  now: () => number;
}

export interface ContentBody {
  body: Record<string, unknown>;
  rel: { type: string; of: string }[];
  /** See not-shown.ts. */
  not_shown: string[];
  /** JSON pointers of the parts that were disclosed. */
  shown: string[];
  terms: {
    release: string;
    from: string;
    purposes: string[];
    retain_until?: string;
    onward?: string;
    reply_by?: string;
    readers?: string[];
  }[];
}

/** Opened and verified anew from what is stored. Throws `not_found` where nothing may be used any more, `recalled` where the originator said so. */
export async function contentOf(deps: ContentDeps, record: StatementRecord, by: Actor): Promise<ContentBody> {
  assertNotRecalled(record);
  const { texts, terms } = record.own ? await ownTexts(deps, record, by) : await receivedTexts(deps, record, by);
  const opened = await openHeld(record, await usableTexts(deps.store, record, texts, deps.findKey), deps.findKey);
  const kind = kindOf(record.kind, record.ver);
  const body = kind ? unfold(kind, opened.body) : (opened.body as Record<string, unknown>);
  return {
    body,
    rel: opened.rel,
    not_shown: kind ? notShown(kind, body as Record<string, Json>) : [],
    shown: opened.disclosed.map((d) => d.pointer),
    terms: terms.map(termsOf),
  };
}

async function ownTexts(deps: ContentDeps, record: StatementRecord, by: Actor): Promise<{ texts: string[]; terms: InboxRecord[] }> {
  requirePurpose(by, purposesOf((record.claims as { handling: Handling }).handling));
  const texts = await allDisclosures(deps, record.digest);
  if (texts.length === 0) throw notHere('content');
  return { texts, terms: [] };
}

/**
 * Use is allowed while the statement is valid and one living release allows it: parts are shown only under a release that names this
 * purpose, names this reader if it names any, and has not run out.
 */
async function receivedTexts(deps: ContentDeps, record: StatementRecord, by: Actor): Promise<{ texts: string[]; terms: InboxRecord[] }> {
  if (record.validUntil <= deps.now()) throw notHere('content');
  const living = await livingReleases(deps, record.digest);
  if (living.length === 0) throw notHere('content');
  const named = living.filter(({ readers }) => readers === null || readers.includes(by.pseudonym));
  if (named.length === 0) throw new Problem('reader_not_named', 'only those whom the originator named may read this');
  const fitting = named.filter((r) => r.purposes.includes(by.purpose ?? ''));
  if (fitting.length === 0) requirePurpose(by, [...new Set(named.flatMap((r) => r.purposes))]);
  const texts = await Promise.all(fitting.map((r) => allDisclosures(deps, r.digest)));
  if (texts.flat().length === 0) throw notHere('content');
  return { texts: [...new Set(texts.flat())], terms: fitting };
}

const termsOf = (r: InboxRecord): ContentBody['terms'][number] => ({
  release: r.digest,
  from: r.from,
  purposes: r.purposes,
  ...present({
    retain_until: r.retainUntil === null ? undefined : when(r.retainUntil),
    onward: r.onward,
    reply_by: r.replyBy === null ? undefined : when(r.replyBy),
    readers: r.readers,
  }),
});
