/** Pulls each peer's feed by one held long poll, answers with receipts, and keeps the signed pages. docs/protocol.md section 6. */
import { isDenounced } from '@entente/policy';
import { splitCompact } from '@entente/seal';
import type { PeerRecord, Store, UnsentReceipt } from '@entente/store';
import type { Logger } from 'pino';
import { type Dial, dial } from '../federation/dial.js';
import type { TlsIdentity } from '../federation/listener.js';
import type { Directory } from '../peers/directory.js';
import { refreshSoon } from '../peers/refresh.js';
import type { Renewal } from '../peers/renewal.js';
import { backoff } from './backoff.js';
import type { Completeness, FeedPlace } from './completeness.js';
import type { PollAnswer, PollRequest } from './poll.js';
import { readAnswer } from './poll-answer.js';
import type { Reception } from './receive.js';
import type { Step } from './step.js';
import type { Wake } from './wake.js';

export interface Pulling extends AsyncDisposable {
  /** The peer was heard from: whatever was waiting because it seemed down goes on at once (F19). */
  heard(peer: string): void;
  /** Seconds since the epoch at which the peer last asked us or answered us in this process. */
  lastHeard(peer: string): number | undefined;
}

export interface PullDeps {
  store: Store;
  directory: Directory;
  reception: Reception;
  completeness: Completeness;
  renewal: Renewal;
  /** Rejects when the peer holds what this node does not know of having signed. */
  standing: (peer: string, connection: Dial) => Promise<void>;
  wake: Wake;
  tls: TlsIdentity;
  logger: Logger;
  now: () => number;
  longPollSeconds: number;
  refusedKinds: readonly string[];
  step: Step;
}

/** What one poll leaves to the next. */
interface Turned {
  /** Receipts to send once more. */
  again: string[];
  /** Whether the feed was read to its end. */
  ended: boolean;
  place: FeedPlace;
  /** Receipts to be sent; undefined: to be looked for. */
  unsent?: UnsentReceipt[] | undefined;
  /** When they were last looked for, in seconds. */
  lookedAt: number;
}

/** Limits of one poll request (docs/protocol.md section 6). */
const MOST_RECEIPTS = 256;
const MOST_VERDICTS = 1000;
/** Receipts are known from what was just stored; but an officer may have tried something again, through whatever process. */
const LOOK_SECONDS = 5;
/** Another process of this agency pulls that peer; look again after so long. */
const CLAIM_AGAIN_MS = 5_000;
/** Who has not read a feed for so long matches nothing until it is read to its end; who has just started cannot know. */
const AWAY_SECONDS = 3600;

export function startPulling(deps: PullDeps): Pulling {
  const running = new Map<string, { stop: AbortController; done: Promise<void>; url: string }>();
  const heardAt = new Map<string, number>();
  /** When a feed was last read to its end. */
  const readAt = new Map<string, number>();
  const retries = new Map<string, ReturnType<typeof backoff>>();
  let closed = false;

  function start(peer: PeerRecord): void {
    const stop = new AbortController();
    const retry = backoff();
    retries.set(peer.id, retry);
    running.set(peer.id, { stop, done: pullUntil(peer, stop.signal, retry), url: fingerprint(peer) });
  }

  /** Follows the directory: a peer that came is pulled, one that went or changed its address is left. */
  function follow(): void {
    if (closed) return;
    const active = new Map(deps.directory.active().map((peer) => [peer.id, peer]));
    for (const [id, run] of running) {
      const peer = active.get(id);
      if (peer && fingerprint(peer) === run.url) continue;
      running.delete(id);
      run.stop.abort();
    }
    for (const peer of active.values()) if (!running.has(peer.id)) start(peer);
  }

  async function pullUntil(peer: PeerRecord, stop: AbortSignal, retry: ReturnType<typeof backoff>): Promise<void> {
    while (!stop.aborted) {
      const claim = await deps.store.claim(`pull ${peer.id}`).catch(() => undefined);
      if (!claim) {
        await retry.pause(CLAIM_AGAIN_MS, stop);
        continue;
      }
      try {
        await session(peer, stop, retry);
      } catch (error) {
        if (!stop.aborted) {
          deps.logger.warn({ peer: peer.id, reason: (error as Error).message, in_ms: retry.next() }, 'feed cannot be pulled; trying again');
          await retry.wait(stop);
        }
      } finally {
        await claim[Symbol.asyncDispose]();
      }
    }
  }

  async function session(peer: PeerRecord, stop: AbortSignal, retry: ReturnType<typeof backoff>): Promise<void> {
    const connection = dial(peer, deps.tls);
    try {
      await deps.renewal.fetch(peer, connection);
      await deps.standing(peer.id, connection);
      const place = await deps.store.feedIn(peer.id);
      let turned: Turned = { again: [], ended: deps.now() - (readAt.get(peer.id) ?? 0) <= AWAY_SECONDS, place, lookedAt: 0 };
      while (!stop.aborted) {
        turned = await turn(peer, connection, turned, stop);
        if (turned.ended) readAt.set(peer.id, deps.now());
        retry.reset();
        heardAt.set(peer.id, deps.now());
      }
    } finally {
      await connection.close();
    }
  }

  /** Keys may have rolled over while this poll was held. A spoilt header is judged where the release is. */
  function signedByUnknown(peer: string, { sets, pages = [] }: PollAnswer): boolean {
    return [...Object.values(sets), ...pages].some((jws) => {
      try {
        return deps.directory.findKey(peer, splitCompact(jws).header.kid, 'release') === undefined;
      } catch {
        return false;
      }
    });
  }

  /** One poll: says what became of the earlier answer, takes the next one. */
  async function turn(peer: PeerRecord, connection: Dial, before: Turned, stop: AbortSignal): Promise<Turned> {
    const { request, sent, left, lookedAt } = await question(peer.id, before);
    const answer = readAnswer(
      await connection.json('POST', '/feed/poll', request, { signal: stop, timeout: deps.longPollSeconds * 1000 + 20_000 }),
    );
    if (signedByUnknown(peer.id, answer)) await deps.renewal.fetch(peer, connection);
    if (answer.receiptErrs) deps.logger.error({ peer: peer.id, receipts: answer.receiptErrs }, 'this peer cannot verify receipts of ours');
    await deps.step('pull.answered');
    const pages = await deps.completeness.readPages(peer.id, answer.pages ?? [], before.place);
    // After a denunciation it counts where the pages place a release; else they do not gate the content.
    const denounced = deps.directory.agreements().some((signed) => isDenounced(signed, peer.id));
    if (denounced) await deps.completeness.keepPages(pages);
    const judged = await deps.reception.judge(peer.id, delivered(answer));
    // Handed to the store in one turn of the event loop, so that one commit serves them all.
    const [received] = await Promise.all([
      deps.reception.keep(peer.id, judged, { behind: !before.ended }),
      denounced || deps.completeness.keepPages(pages),
      sent.length > 0 && deps.store.commit({ receiptsSent: [{ to: peer.id, digests: sent }] }),
    ]);
    if (received.receipts.length > 0) await deps.step('pull.settled');
    const [unread] = await Promise.all([
      deps.reception.refuseUnread(peer.id),
      !answer.moreAvailable && deps.completeness.fetchVoids(peer.id, connection),
    ]);
    const ended = before.ended || !answer.moreAvailable;
    if (ended && !before.ended) await deps.reception.caughtUp(peer.id);
    const fresh = [...received.receipts, ...unread];
    const unsent = left || fresh.length === 0 ? undefined : fresh;
    return { again: received.again, ended, place: pages.place, unsent, lookedAt };
  }

  async function question(peer: string, { again, place, ...before }: Turned) {
    const known = deps.now() - before.lookedAt < LOOK_SECONDS ? before.unsent : undefined;
    const [unsent, repeated] = await Promise.all([
      known ?? deps.store.unsentReceipts(peer),
      Promise.all([...new Set(again)].map((digest) => deps.store.receiptByDigest(digest))),
    ]);
    const now = fitting(unsent);
    const verdicts = now.flatMap((receipt) => receipt.releases);
    const refused = verdicts.filter((v) => v.verdict === 'refused');
    const request: PollRequest = {
      ack: verdicts.filter((v) => v.verdict !== 'refused').map((v) => v.jti),
      setErrs: Object.fromEntries(refused.map((v) => [v.jti, { err: v.code ?? 'refused' }])),
      receipts: [...now.map((r) => r.jwt), ...repeated.flatMap((r) => (r ? [r.jwt] : []))].slice(0, MOST_RECEIPTS),
      pages_after: { epoch: place.epoch, position: place.last },
      ...(deps.refusedKinds.length > 0 && { refused_kinds: [...deps.refusedKinds] }),
    };
    return { request, sent: now.map((r) => r.digest), left: now.length < unsent.length, lookedAt: known ? before.lookedAt : deps.now() };
  }

  follow();
  const off = deps.wake.on('peer', () => refreshSoon(deps, follow));
  return {
    heard: (peer) => {
      heardAt.set(peer, deps.now());
      retries.get(peer)?.heard();
    },
    lastHeard: (peer) => heardAt.get(peer),
    [Symbol.asyncDispose]: async () => {
      closed = true;
      off();
      const all = [...running.values()];
      for (const run of all) run.stop.abort();
      await Promise.all(all.map((run) => run.done));
    },
  };
}

/** As many as one request may carry; the others go with the next one. */
function fitting<T extends { releases: unknown[] }>(unsent: T[]): T[] {
  const fits: T[] = [];
  let verdicts = 0;
  for (const receipt of unsent.slice(0, MOST_RECEIPTS / 2)) {
    verdicts += receipt.releases.length;
    if (verdicts > MOST_VERDICTS && fits.length > 0) break;
    fits.push(receipt);
  }
  return fits;
}

const fingerprint = (peer: PeerRecord): string => [peer.federationUrl, ...peer.certificates.map((c) => c.fingerprint)].join(' ');

const delivered = (answer: PollAnswer) =>
  Object.entries(answer.sets).map(([jti, jwt]) => ({ jti, jwt, disclosures: answer.disclosures?.[jti] ?? [] }));
