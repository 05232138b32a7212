/**
 * Tells each webhook what happens: in order, at least once, from the place that it had reached, whichever process of the node is at it. What
 * is not taken is tried again after growing waits; after days of failing the webhook is given up, its place kept.
 */
import type { Happening, Store, WebhookRecord } from '@entente/store';
import type { Logger } from 'pino';
import type { ContentKeys } from '../content-keys.js';
import { type Backoff, backoff } from '../flow/backoff.js';
import type { Wake } from '../flow/wake.js';
import { eventDataOf } from './events.js';
import type { News } from './news.js';
import { openPost } from './post.js';
import { signedHeaders } from './signature.js';

const PAGE = 20;
const LONGEST_WAIT_MS = 60 * 60_000;
/** A notification may be lost with its connection, and another process may have died: looked after anyhow. */
const LOOK_AGAIN_MS = 30_000;
const GONE = '410';

export interface TellingDeps {
  store: Pick<Store, 'webhooks' | 'webhook' | 'webhookTold' | 'webhookFailed' | 'happenings' | 'claim'>;
  content: Pick<ContentKeys, 'open'>;
  wake: Pick<Wake, 'on'>;
  news: News;
  now: () => number;
  logger: Logger;
  privateAddresses: boolean;
  giveUpSeconds: number;
}

export function startTelling(deps: TellingDeps): AsyncDisposable {
  const { store, logger } = deps;
  const post = openPost(deps);
  const stop = new AbortController();
  const running = new Map<string, { wait: Backoff; done: Promise<void> }>();

  /** Starts what is active and not at work. */
  async function look(): Promise<void> {
    for (const { id, state } of await store.webhooks()) {
      if (state !== 'active' || running.has(id) || stop.signal.aborted) continue;
      const wait = backoff(Math.random, LONGEST_WAIT_MS);
      running.set(id, { wait, done: attend(id, wait) });
    }
  }

  async function attend(id: string, wait: Backoff): Promise<void> {
    try {
      await work(id, wait);
    } catch (error) {
      logger.error({ webhook: id, reason: (error as Error).message }, 'a webhook is not served');
    } finally {
      running.delete(id);
    }
  }

  /** Until the webhook is no longer active, another process is at it, or this one ends. */
  async function work(id: string, wait: Backoff): Promise<void> {
    const claim = await store.claim(`webhook ${id}`);
    if (!claim) return;
    try {
      const over = AbortSignal.any([stop.signal, claim.lost]);
      while (!over.aborted) {
        const hook = await store.webhook(id);
        if (hook?.state !== 'active') return lookAgain(); // it may have become active again since
        await tellNext(hook, wait, over);
      }
    } finally {
      await claim[Symbol.asyncDispose]();
    }
  }

  /** A page of what happened, as far as the receiver takes it. */
  async function tellNext(hook: WebhookRecord, wait: Backoff, over: AbortSignal): Promise<void> {
    const at = deps.news.at();
    const { items, next } = await store.happenings({ after: hook.after, limit: PAGE });
    const wanted = items.filter(({ event }) => hook.events.includes(event));
    for (const one of wanted) {
      const failure = await tell(hook, one, over);
      if (over.aborted) return;
      if (failure !== undefined) return await failed(hook, failure, wait, over);
      wait.reset();
      hook = { ...hook, attempts: 0 };
      delete hook.failingSince;
      await store.webhookTold(hook.id, one.cursor, deps.now());
    }
    if (next !== hook.after) await store.webhookTold(hook.id, next);
    else await deps.news.past(at, LOOK_AGAIN_MS, over);
  }

  function tell(hook: WebhookRecord, one: Happening, over: AbortSignal): Promise<string | undefined> {
    const [secret = ''] = deps.content.open(hook.sealed!, webhookRef(hook.id));
    const { at, ...data } = eventDataOf(one);
    const body = JSON.stringify({ type: one.event, timestamp: at, data });
    return post(hook.url, signedHeaders(secret, `evt_${one.cursor}`, deps.now(), body), body, over);
  }

  async function failed(hook: WebhookRecord, failure: string, wait: Backoff, over: AbortSignal): Promise<void> {
    const failingSince = hook.failingSince ?? deps.now();
    const dead = failure === GONE || deps.now() - failingSince > deps.giveUpSeconds;
    logger.warn({ webhook: hook.id, failure, attempts: hook.attempts + 1, dead }, 'a webhook did not take what it was told');
    await store.webhookFailed(hook.id, { attempts: hook.attempts + 1, failingSince, failure, dead });
    if (!dead) await wait.wait(over);
  }

  let looking = Promise.resolve();
  function lookAgain(): void {
    looking = looking.then(look).catch((error: unknown) => logger.error({ reason: (error as Error).message }, 'webhooks cannot be read'));
  }
  const off = deps.wake.on('webhook', (id) => {
    running.get(id ?? '')?.wait.heard();
    lookAgain();
  });
  const timer = setInterval(lookAgain, LOOK_AGAIN_MS);
  lookAgain();
  return {
    [Symbol.asyncDispose]: async () => {
      off();
      clearInterval(timer);
      stop.abort();
      await looking;
      await Promise.all([...running.values()].map(({ done }) => done));
      await post[Symbol.asyncDispose]();
    },
  };
}

/** What the secret of a webhook is bound to. */
export const webhookRef = (id: string): string => `webhook ${id}`;
