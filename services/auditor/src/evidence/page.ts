import { chainStart, type FeedState, followPage, type OpenedPage, openPage, type PageEntry, splitCompact } from '@entente/seal';
import type { Direction, PageItem } from '../source.js';
import type { Evidence, FeedResult, Scene } from './evidence.js';
import { arrivals } from './release.js';

interface FeedPage extends PageItem {
  peer: string;
  direction: Direction;
  /** How far the pages before it were followed; this page moves it on. */
  feed: { state: FeedState; result: FeedResult };
}

/** Signed feed pages: contiguous from position 1, with a chain that fits, each position the release that the log says. */
export const pages: Evidence<FeedPage> = {
  name: 'page',
  objects: allPages,
  async keys(page, scene) {
    const { first, entries } = await follow(page, scene);
    return entries.map(([digest], i) => keyOf(page.direction, page.peer, digest, first + i));
  },
  leafKey({ op, peer = '', digest = '', position }) {
    if (op === 'released') return keyOf('out', peer, digest, position);
    return arrivals.has(op) ? keyOf('in', peer, digest, undefined) : undefined;
  },
  isPast: ({ op }) => op === 'released', // pages are shown of the present feeds only
  verify: () => undefined, // done where the page is followed: no leaf speaks of a page
  label: ({ peer, direction, first }) => `${direction} ${peer} from ${first}`,
  unnamed(key, page, { report, voided }) {
    const digest = key.split(' ')[2]!;
    const position = positionOn(page, digest);
    if (page.direction === 'out')
      report({ check: 'page', object: digest, position, what: 'a signed page names it, and no leaf of the log does' });
    else if (!voided.has(`${page.peer} ${position}`)) page.feed.result.open.push(position);
  },
  unmet(_key, { at, op, peer = '', digest = '', position = 0 }, { report, feeds }) {
    const feed = feeds.get(`${op === 'released' ? 'out' : 'in'} ${peer}`);
    if (feed === undefined) return; // the peer itself is missing then, and named
    if (op === 'released' && position <= feed.last) {
      report({ check: 'page', object: digest, position, what: `the signed page of ${peer} names another release at this position` });
    } else if (op === 'released' && Date.now() - Date.parse(at) > mergeDelayMs) {
      report({ check: 'page', object: digest, position, what: `no signed page names it, although the merge delay is over` });
    } else feed.unpaged++;
  },
};

/** A release is on a signed page within an hour. docs/protocol.md section 6. */
const mergeDelayMs = 3_600_000;

function positionOn({ first, jws }: FeedPage, digest: string): number {
  const { entries } = splitCompact(jws).payload() as unknown as { entries: PageEntry[] };
  return first + entries.findIndex((entry) => entry[0] === digest);
}

async function follow(page: FeedPage, { identity }: Scene): Promise<OpenedPage> {
  const [iss, aud] = page.direction === 'out' ? [identity.id, page.peer] : [page.peer, identity.id];
  const opened = await openPage(page.jws, { iss, aud, findKey: identity.findKey });
  const { state, result } = page.feed;
  if (page.direction === 'in' && state.last === 0) Object.assign(result, { epoch: opened.epoch });
  page.feed.state = followPage({ ...state, epoch: result.epoch }, opened);
  result.last = page.feed.state.last;
  return opened;
}

/** The leaf of an arrival does not know its position: only the digest can match. */
function keyOf(direction: Direction, peer: string, digest: string, position: number | undefined): string {
  return direction === 'out' ? `out ${peer} ${digest} ${position}` : `in ${peer} ${digest}`;
}

async function* allPages({ source, identity, feeds }: Scene): AsyncGenerator<FeedPage> {
  for (const peer of identity.peers.keys()) {
    for (const direction of ['out', 'in'] as const) {
      const result: FeedResult = { peer, direction, epoch: identity.epoch, last: 0, open: [], unpaged: 0 };
      feeds.set(`${direction} ${peer}`, result);
      const feed = { state: { epoch: identity.epoch, last: 0, chain: chainStart }, result };
      for await (const page of source.pages(peer, direction)) yield { ...page, peer, direction, feed };
    }
  }
}
