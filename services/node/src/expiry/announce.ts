/** Says what runs out soon: in the log and to those who subscribed, at start and then once a day. */
import type { Store } from '@entente/store';
import type { Logger } from 'pino';
import { daysLeft, type Expiry } from './expiries.js';

const EVERY_MS = 86_400_000;

export function announceExpiries(deps: {
  store: Pick<Store, 'commit'>;
  expiries: () => Expiry[];
  logger: Logger;
  now: () => number;
}): AsyncDisposable {
  async function announce(): Promise<void> {
    const soon = deps.expiries().filter((expiry) => expiry.soon);
    for (const { what, owner, name, expiresAt } of soon)
      deps.logger.warn({ what, owner, name, days: daysLeft(expiresAt, deps.now()) }, 'this runs out soon');
    // Once for each thing and each end of it: the store knows what was said.
    const notices = soon.map(({ what, owner, name, expiresAt }) => ({
      event: 'expiry.near',
      peer: owner,
      code: `${what} ${name} ${new Date(expiresAt * 1000).toISOString().slice(0, 10)}`,
    }));
    if (notices.length > 0) await deps.store.commit({ notices });
  }
  const failed = (error: unknown) => deps.logger.error({ reason: (error as Error).message }, 'what runs out could not be announced');
  let running = announce().catch(failed);
  const timer = setInterval(() => {
    running = running.then(announce).catch(failed);
  }, EVERY_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
