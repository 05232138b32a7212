/** Notes, once per release, that a partner's feed is incomplete for longer than the merge delay: so that those are told who subscribed. */
import type { Store } from '@entente/store';
import type { Logger } from 'pino';
import type { Completeness } from '../flow/completeness.js';

const MOST = 100;

export function watchFeeds(deps: {
  store: Pick<Store, 'peers' | 'commit'>;
  completeness: Pick<Completeness, 'missing' | 'unpaged'>;
  logger: Logger;
  everySeconds: number;
}): AsyncDisposable {
  const said = new Set<string>();

  async function look(): Promise<void> {
    for (const { id: peer, state } of await deps.store.peers()) {
      if (state !== 'active') continue;
      const [missing, unpaged] = await Promise.all([deps.completeness.missing(peer), deps.completeness.unpaged(peer)]);
      const fresh = [
        ...missing.map(({ digest }) => ({ digest, code: 'missing' })),
        ...unpaged.map(({ digest }) => ({ digest, code: 'unannounced' })),
      ]
        .filter(({ digest }) => !said.has(`${digest} ${peer}`))
        .slice(0, MOST);
      if (fresh.length === 0) continue;
      await deps.store.commit({ notices: fresh.map(({ digest, code }) => ({ event: 'feed.incomplete', peer, release: digest, code })) });
      for (const { digest } of fresh) said.add(`${digest} ${peer}`);
    }
  }

  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(look)
      .catch((error: unknown) => deps.logger.error({ reason: (error as Error).message }, 'feeds cannot be looked at'));
  }, deps.everySeconds * 1000);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
