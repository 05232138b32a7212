import { chainOver, followPage, type OpenedPage, openPage, type PageEntry, splitCompact } from '@entente/seal';
import type { Batch, Direction, PageItem } from '../source.js';
import { assertFits, type Evidence, type Feed, type Scene } from './evidence.js';
import { feedEpochs } from './feed-epochs.js';
import { arrivals } from './release.js';

interface FeedPage extends PageItem {
  peer: string;
  direction: Direction;
  epoch: number;
}

/** Signed feed pages: contiguous from position 1 in every epoch, with a chain that fits, each position the release that the log says. */
export const pages: Evidence<FeedPage> = {
  name: 'page',
  objects: allPages,
  async keys(page, scene) {
    const { peer, direction, epoch } = page;
    const { first, entries } = await follow(page, scene);
    return entries.flatMap(([digest], i) => {
      if (direction === 'out') return [`out ${peer} ${digest} ${epoch} ${first + i}`];
      return wasMoved(scene, page, digest, first + i) ? [] : [`in ${peer} ${digest}`];
    });
  },
  leafKey({ leaf: { op, peer = '', digest = '', position }, epoch }) {
    if (op === 'released') return `out ${peer} ${digest} ${epoch} ${position}`;
    return arrivals.has(op) ? `in ${peer} ${digest}` : undefined; // the leaf of an arrival does not know its position
  },
  verify: () => undefined, // done where the page is followed: no leaf speaks of a page
  label: ({ peer, direction, first }) => `${direction} ${peer} from ${first}`,
  unnamed(key, page, scene) {
    const digest = key.split(' ')[2]!;
    const position = positionOn(page, digest);
    if (page.direction === 'out')
      scene.report({ check: 'page', object: digest, position, what: 'a signed page names it, and no leaf of the log does' });
    else if (!scene.voided.has(`${page.peer} ${page.epoch} ${position}`)) feedOf(scene, page).result.open.push(position);
  },
  unmet(_key, { leaf: { at, op, peer = '', digest = '', position = 0 }, epoch }, scene) {
    const { report, feeds, identity } = scene;
    const feed = op === 'released' ? feeds.get(`out ${peer} ${epoch}`) : latestIn(scene, peer);
    if (feed === undefined) return; // the peer itself is missing then, and named
    if (op === 'released' && position <= feed.result.last) {
      report({ check: 'page', object: digest, position, what: `the signed page of ${peer} names another release at this position` });
    } else if (op === 'released' && epoch === identity.epoch && Date.now() - Date.parse(at) > mergeDelayMs) {
      report({ check: 'page', object: digest, position, what: `no signed page names it, although the merge delay is over` });
    } else feed.result.unpaged++;
  },
};

/** A release is on a signed page within an hour. docs/protocol.md section 6. */
const mergeDelayMs = 3_600_000;

const feedOf = ({ feeds }: Scene, { direction, peer, epoch }: FeedPage): Feed => feeds.get(`${direction} ${peer} ${epoch}`)!;
const latestIn = ({ feeds }: Scene, peer: string): Feed | undefined =>
  [...feeds.values()].findLast(({ result }) => result.direction === 'in' && result.peer === peer);

function positionOn({ first, jws }: FeedPage, digest: string): number {
  const { entries } = splitCompact(jws).payload() as unknown as { entries: PageEntry[] };
  return first + entries.findIndex((entry) => entry[0] === digest);
}

async function follow(page: FeedPage, scene: Scene): Promise<OpenedPage> {
  const { identity } = scene;
  const [iss, aud] = page.direction === 'out' ? [identity.id, page.peer] : [page.peer, identity.id];
  const opened = await openPage(page.jws, { iss, aud, findKey: identity.findKey });
  const feed = feedOf(scene, page);
  const before = { epoch: page.epoch, last: feed.result.last, chain: bytesOf(feed.chain) };
  const after = followPage(before, opened);
  Object.assign(feed, { chain: textOf(after.chain) });
  feed.result.last = after.last;
  if (feed.resumed !== undefined) noteEnd(feed, before, opened);
  return opened;
}

/** The next epoch names a position of this one and the chain there: they must be those of the pages. What is beyond was lost to its sender. */
function noteEnd(feed: Feed, before: { last: number; chain: Uint8Array }, { first, entries }: OpenedPage): void {
  const { last, chain } = feed.resumed!;
  const digests = entries.map(([digest]) => digest);
  for (const [i, digest] of digests.entries()) if (first + i > last) feed.beyond[digest] = first + i;
  if (last <= before.last || last > feed.result.last) return;
  const there = textOf(chainOver(before.chain, digests.slice(0, last - before.last)));
  assertFits(there === chain, `the next epoch says that another release was at position ${last}`);
}

/** What its sender had lost with an older epoch, and put on its feed anew. */
function wasMoved({ feeds }: Scene, { peer, epoch }: FeedPage, digest: string, position: number): boolean {
  const earlier = [...feeds.values()].find(({ result, beyond }) => result.peer === peer && result.epoch < epoch && digest in beyond);
  earlier?.result.moved.push({ position: earlier.beyond[digest]!, to: { epoch, position } });
  return earlier !== undefined;
}

const textOf = (chain: Uint8Array): string => Buffer.from(chain).toString('base64url');
const bytesOf = (chain: string): Uint8Array => new Uint8Array(Buffer.from(chain, 'base64url'));
const startOfChain = textOf(new Uint8Array(32));

/** `direction peer epoch from`, from where the next pages are read. */
async function* allPages(scene: Scene, mark?: string): AsyncGenerator<Batch<FeedPage>> {
  const [direction_, peer_, epoch_, from_] = mark?.split(' ') ?? [];
  let reached = mark === undefined;
  for await (const { peer, direction, epochs } of feedEpochs(scene)) {
    for (const { epoch, resumed } of epochs) {
      const here = direction === direction_ && peer === peer_ && String(epoch) === epoch_;
      if (!reached && !here) continue;
      reached = true;
      const name = `${direction} ${peer} ${epoch}`;
      const result = { peer, direction, epoch, last: 0, open: [], moved: [], unpaged: 0 };
      const feed: Feed = { result, chain: startOfChain, ...(resumed === undefined ? {} : { resumed }), beyond: {} };
      if (!scene.feeds.has(name)) scene.feeds.set(name, feed);
      for await (const pages of scene.source.pages({ peer, direction, epoch }, here ? Number(from_) : 1)) {
        yield { items: pages.map((page) => ({ ...page, peer, direction, epoch })), next: `${name} ${pages.at(-1)!.last + 1}` };
      }
      assertEnded(scene, scene.feeds.get(name)!);
    }
  }
}

/** Of what a partner says that it sent in an epoch that has ended, every page must be here. */
function assertEnded({ report }: Scene, { result: { direction, peer, epoch, last }, resumed }: Feed): void {
  if (resumed === undefined || last >= resumed.last) return;
  const what = `the pages of epoch ${epoch} end there, and the next one says that it ended at ${resumed.last}`;
  report({ check: 'page', object: `${direction} ${peer}`, position: last, what });
}
