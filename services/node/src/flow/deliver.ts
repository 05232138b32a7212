/** The sender's side of a feed: takes what the recipient says of earlier releases, and offers what is queued for it. docs/protocol.md section 6. */

import { inForce } from '@entente/policy';
import { digestOf, type OpenedReceipt, openReceipt, SealError, signPage, signVoid } from '@entente/seal';
import { isUngranted } from '@entente/statement';
import type { ReleaseRecord, Store } from '@entente/store';
import type { ContentKeys } from '../content-keys.js';
import type { Identity } from '../identity.js';
import type { Directory } from '../peers/directory.js';
import type { Renewal } from '../peers/renewal.js';
import { Problem } from '../problem.js';
import { timeLimit } from '../time-limit.js';
import type { Consents } from './consents.js';
import { disclosuresOf } from './disclosures.js';
import type { PollAnswer, PollRequest, ReplayRequest } from './poll.js';
import type { Step } from './step.js';
import type { Wake } from './wake.js';

export interface Delivery {
  poll(peer: string, request: PollRequest, signal: AbortSignal): Promise<PollAnswer>;
  replay(peer: string, request: ReplayRequest): Promise<{ offered: number }>;
  pages(peer: string, epoch: number, from: number): Promise<string[]>;
  /** Signs pages over everything on the feed that is on none yet. */
  cutPages(peer: string): Promise<void>;
}

/** Of the 8 MiB of an answer (docs/protocol.md section 3); ten pages of a thousand entries take less than the rest. */
const CONTENT_LIMIT = 7 * 1024 * 1024;
export const PAGE_ENTRIES = 1000;
const PAGES_AT_ONCE = 10;
const OFFERED_AT_ONCE = 500;

interface Offered {
  items: ReleaseRecord[];
  /** Also what is not sent, because the recipient refuses its kind: the page that says so goes out at once. */
  any: boolean;
  /** Never offered before. */
  first: ReleaseRecord[];
  more: boolean;
}
const nothing: Offered = { items: [], any: false, first: [], more: false };

export function createDelivery(deps: {
  store: Store;
  identity: Identity;
  directory: Directory;
  content: ContentKeys;
  renewal: Pick<Renewal, 'catchUp'>;
  consents: Pick<Consents, 'withdrawn'>;
  wake: Wake;
  now: () => number;
  longPollSeconds: number;
  step: Step;
}): Delivery {
  const { store, identity, directory, content, renewal, consents, wake, now } = deps;

  async function poll(peer: string, request: PollRequest, signal: AbortSignal): Promise<PollAnswer> {
    const receiptErrs = await takeReceipts(peer, request.receipts ?? []);
    await takeAcknowledgements(peer, request);
    const offered = await waitForOffers(peer, request, signal);
    if (offered.any) await deps.step('deliver.offered');
    const [pages, texts] = await Promise.all([
      freshPages(peer, request.pages_after),
      textsOf(offered.items),
      store.markOffered(peer, offered.first),
    ]);
    const said = await answer(peer, texts, offered.more || texts.length < offered.items.length, pages);
    if (offered.any) await deps.step('deliver.answered');
    return Object.keys(receiptErrs).length > 0 ? { ...said, receiptErrs } : said;
  }

  /** A key that is not known may be one that the recipient has published since. */
  async function opening(peer: string, jwt: string): Promise<OpenedReceipt> {
    const open = () => openReceipt(jwt, { iss: peer, aud: identity.id, findKey: directory.findKey });
    return await open().catch(async (error: unknown) => {
      const known = directory.peer(peer);
      if (!(error instanceof SealError) || error.code !== 'unknown_key' || !known) throw error;
      await renewal.catchUp(known).catch(() => undefined); // whoever cannot be reached sends his receipt again
      return await open();
    });
  }

  /** The recipient's signed word: logged, and final for held and refused. One that does not verify is named in the answer and holds up nothing. */
  async function takeReceipts(peer: string, receipts: string[]): Promise<Record<string, string>> {
    const opened: OpenedReceipt[] = [];
    const errs: Record<string, string> = {};
    for (const jwt of receipts) {
      try {
        opened.push(await opening(peer, jwt));
      } catch (error) {
        if (!(error instanceof SealError)) throw error;
        errs[digestOf(jwt)] = error.code;
      }
    }
    if (opened.length > 0) {
      await deps.step('deliver.opened');
      await store.commit({ receiptsHeld: opened.map((r) => ({ from: peer, digest: r.digest, jwt: r.jwt, items: r.items })) });
      await deps.step('deliver.receipts');
    }
    return errs;
  }

  /** A plain RFC 8936 receiver acknowledges without receipts; one that sends receipts has said the same already, and nothing changes. */
  async function takeAcknowledgements(peer: string, request: PollRequest): Promise<void> {
    const refused = Object.entries(request.setErrs ?? {}).map(([jti, { err }]) => ({ jti, code: err }));
    if (request.ack?.length || refused.length) await store.acknowledge(peer, { jtis: request.ack ?? [], refused });
  }

  async function waitForOffers(peer: string, request: PollRequest, signal: AbortSignal): Promise<Offered> {
    const limit = Math.min(request.maxEvents ?? OFFERED_AT_ONCE, OFFERED_AT_ONCE);
    const until = AbortSignal.any([signal, timeLimit(deps.longPollSeconds * 1000)]);
    for (;;) {
      const woken = new AbortController();
      const happened = wake.next('feed', peer, AbortSignal.any([until, woken.signal])); // before looking, so that nothing slips between
      const offered = limit === 0 ? nothing : await mayLeave(peer, limit, request.refused_kinds ?? []);
      if (offered.any || limit === 0 || request.returnImmediately || until.aborted) {
        woken.abort();
        return offered;
      }
      await happened;
    }
  }

  /** Before each offering the rules are asked again; what may no longer leave is voided, and the next ones move up. */
  async function mayLeave(peer: string, limit: number, refused: string[]): Promise<Offered> {
    for (;;) {
      const rows = await store.offers(peer, limit + 1, refused);
      const allowed = await Promise.all(rows.map(stillAllowed));
      const stopped = rows.filter((_, i) => !allowed[i]);
      if (stopped.length === 0) {
        const items = rows.slice(0, limit).filter((row) => !refused.includes(row.kind));
        const first = rows.filter((row) => row.offeredAt === undefined);
        return { items, any: rows.length > 0, first, more: rows.length > limit };
      }
      await withdraw(peer, stopped);
    }
  }

  async function stillAllowed(row: ReleaseRecord): Promise<boolean> {
    const agreed =
      isUngranted(row.kind) || inForce(directory.agreements(), identity.id, row.to, now()).some((a) => a.digest === row.agreement);
    // What nobody has confirmed by the limit is about to be recalled.
    const unconfirmed = row.confirmBy !== undefined && row.confirmBy <= now();
    if (!agreed || row.recalled || unconfirmed || row.retainUntil <= now() || directory.peer(row.to)?.state !== 'active') return false;
    return row.consent === undefined || !(await consents.withdrawn(row.consent));
  }

  async function withdraw(peer: string, rows: ReleaseRecord[]): Promise<void> {
    const voids = await Promise.all(
      rows.map(async (row) => {
        const { epoch, position, digest } = row;
        const code = row.recalled ? 'recalled' : 'withdrawn';
        const jwt = await signVoid({ iss: identity.id, aud: peer, iat: now(), epoch, position, digest, code }, identity.signer('release'));
        return { to: peer, epoch, position, digest, code, jwt } as const;
      }),
    );
    await store.commit({ voids });
  }

  /** The disclosures of as many as one answer may carry, and of the first one in any case; undefined where the content was erased. */
  async function textsOf(rows: ReleaseRecord[]): Promise<(readonly [ReleaseRecord, string[] | undefined])[]> {
    let bytes = 0;
    const fits = rows.filter((row, i) => {
      bytes += row.bytes + 3 * row.disclosed.length;
      return i === 0 || bytes <= CONTENT_LIMIT;
    });
    return await Promise.all(
      fits.map(async (row) => [row, await disclosuresOf({ store, content, now }, row.statement, row.disclosed)] as const),
    );
  }

  /** What can no longer be given whole (its content was erased) is voided: it must not hold up what is behind it. */
  async function answer(peer: string, offered: Awaited<ReturnType<typeof textsOf>>, more: boolean, pages: string[]): Promise<PollAnswer> {
    const sets: Record<string, string> = {};
    const disclosures: Record<string, string[]> = {};
    const gone: ReleaseRecord[] = [];
    for (const [row, texts] of offered) {
      if (texts === undefined) {
        gone.push(row);
        continue;
      }
      sets[row.jti] = row.jwt;
      disclosures[row.jti] = texts;
    }
    if (gone.length > 0) await withdraw(peer, gone);
    return { sets, ...(more ? { moreAvailable: true } : {}), disclosures, pages };
  }

  async function cutPages(peer: string): Promise<void> {
    const sign = (p: Parameters<Parameters<Store['cutPage']>[2]>[0]) =>
      signPage({ iss: identity.id, aud: peer, iat: now(), ...p }, identity.signer('release'));
    while (await store.cutPage(peer, PAGE_ENTRIES, sign)) {
      // each turn signs one page; a commit of more than a page's entries takes several
    }
  }

  async function freshPages(peer: string, after: PollRequest['pages_after']): Promise<string[]> {
    await cutPages(peer);
    return after ? await store.pagesAfter(peer, after, PAGES_AT_ONCE) : [];
  }

  async function pages(peer: string, epoch: number, from: number): Promise<string[]> {
    return (await store.pages(peer, epoch, from, PAGES_AT_ONCE)).map((page) => page.jws);
  }

  async function replay(peer: string, request: ReplayRequest): Promise<{ offered: number }> {
    const feed = await store.feed(peer);
    if (request.epoch > feed.epoch) throw new Problem('unknown_epoch', `this feed is in epoch ${feed.epoch}`);
    return { offered: await store.requeue(peer, request.epoch, request.after, request.kinds) };
  }

  return { poll, replay, pages, cutPages };
}
