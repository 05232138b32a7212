/** The recipient's proof that a feed was given whole: its signed pages against what it received. docs/protocol.md section 6. */
import { chainNext, chainStart, type OpenedPage, openPage, openVoid, SealError } from '@entente/seal';
import type { NewNotice, PageIn, Store } from '@entente/store';
import type { Logger } from 'pino';
import type { Dial } from '../federation/dial.js';
import type { Identity } from '../identity.js';
import type { Directory } from '../peers/directory.js';

/** How far the pages that are known reach. */
export type FeedPlace = Awaited<ReturnType<Store['feedIn']>>;

export interface PagesRead {
  pagesIn: PageIn[];
  notices: NewNotice[];
  /** Where the feed stands after them. */
  place: FeedPlace;
}

export interface Completeness {
  /** Of the pages, those that continue what is known; one that does not fit is named, and nothing is held up by it. */
  readPages(peer: string, pages: string[], known: FeedPlace): Promise<PagesRead>;
  keepPages(read: PagesRead): Promise<void>;
  /** Asks for the signed notes of the positions that are on a page and did not come. */
  fetchVoids(peer: string, connection: Dial): Promise<void>;
  /** What is missing for longer than the merge delay: `feed_incomplete`, by position. */
  missing(peer: string): Promise<{ position: number; digest: string }[]>;
  /** Releases received that stand on no page although the merge delay has passed. */
  unpaged(peer: string): Promise<{ digest: string; at: number }[]>;
}

export function createCompleteness(deps: {
  store: Store;
  identity: Identity;
  directory: Directory;
  logger: Logger;
  now: () => number;
  mergeDelaySeconds: number;
}): Completeness {
  const { store, directory, identity, logger } = deps;

  async function readPages(peer: string, pages: string[], known: FeedPlace): Promise<PagesRead> {
    const read: PagesRead = { pagesIn: [], notices: [], place: known };
    for (const jws of pages) {
      const page = await verified(peer, openPage(jws, { iss: peer, aud: identity.id, findKey: directory.findKey }));
      if (!page) return read;
      const why = misfit(page, read.place);
      if (why === 'known') continue;
      const { epoch, first, entries, chain, digest, resumes } = page;
      if (why) {
        logger.error({ peer, epoch, first, code: 'feed_incomplete', why }, 'a page of this feed does not fit');
        return read;
      }
      const last = first + entries.length - 1;
      read.place = { epoch, last, chain };
      read.pagesIn.push({ from: peer, epoch, first, last, chain, digest, entries, jws });
      if (!resumes) continue;
      logger.warn({ peer, epoch, resumes: { ...resumes, chain: undefined } }, 'this peer has opened a new epoch of its feed');
      read.notices.push({ event: 'feed.epoch', peer, code: String(epoch) });
    }
    return read;
  }

  async function keepPages({ pagesIn, notices }: PagesRead): Promise<void> {
    if (pagesIn.length > 0) await store.commit({ pagesIn, ...(notices.length > 0 && { notices }) });
  }

  async function fetchVoids(peer: string, connection: Dial): Promise<void> {
    const gaps = await store.feedGaps(peer, deps.now() + 1);
    // Of each epoch from its first gap on: what is missing of an earlier one may never come.
    const first = new Map(gaps.toReversed().map(({ epoch, position }) => [epoch, position]));
    for (const [epoch, from] of first) await fetchVoidsOf(peer, connection, epoch, from);
  }

  async function fetchVoidsOf(peer: string, connection: Dial, epoch: number, from: number): Promise<void> {
    const answer = (await connection.json('GET', `/feed/voids?epoch=${epoch}&from=${from}`)) as { voids?: unknown };
    const notes = Array.isArray(answer.voids) ? answer.voids.filter((v): v is string => typeof v === 'string') : [];
    const read = notes.map((jwt) => verified(peer, openVoid(jwt, { iss: peer, aud: identity.id, findKey: directory.findKey })));
    const opened = (await Promise.all(read)).filter((note) => note !== undefined);
    if (opened.length > 0)
      await store.commit({
        voidsIn: opened.map(({ jwt, epoch, position, digest, code }) => ({ from: peer, jwt, epoch, position, digest, code })),
      });
  }

  /** What does not verify is as good as not given: it is named, and the position that it should settle stays open. */
  async function verified<T>(peer: string, opening: Promise<T>): Promise<T | undefined> {
    try {
      return await opening;
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      logger.error({ peer, code: 'feed_incomplete', why: error.code }, 'a page or a note of this feed does not verify');
      return undefined;
    }
  }

  return {
    readPages,
    keepPages,
    fetchVoids,
    missing: (peer) => store.feedGaps(peer, deps.now() - deps.mergeDelaySeconds),
    unpaged: (peer) => store.unpaged(peer, deps.now() - deps.mergeDelaySeconds),
  };
}

/** Undefined when the page continues the feed exactly where the last one ended, or begins a later epoch. */
function misfit(page: OpenedPage, known: FeedPlace): string | undefined {
  if (page.epoch > known.epoch && page.first === 1) return misfit(page, { epoch: page.epoch, last: 0, chain: chainStart });
  if (page.epoch !== known.epoch) return 'another epoch';
  if (page.first + page.entries.length - 1 <= known.last) return 'known';
  if (page.first !== known.last + 1) return `positions ${known.last + 1} to ${page.first - 1} are on no page`;
  const chain = page.entries.reduce((c, [digest]) => chainNext(c, Buffer.from(digest, 'base64url')), known.chain);
  return Buffer.compare(chain, page.chain) === 0 ? undefined : 'the chain is another one than that of the entries';
}
