/** What the clock ends by itself. */
import type { Store } from '@entente/store';
import type { Logger } from 'pino';

const EVERY_MS = 60 * 60_000;

/** Destroys what has lain in quarantine for its time (docs/protocol.md section 7); at start and then every hour. */
export function keepHouse(store: Pick<Store, 'expireQuarantine'>, logger: Logger): AsyncDisposable {
  async function clear(): Promise<void> {
    const expired = await store.expireQuarantine();
    if (expired > 0) logger.info({ expired }, 'quarantined releases were destroyed after their time');
  }
  const failed = (error: unknown) => logger.error({ reason: (error as Error).message }, 'the quarantine could not be cleared');
  let running = clear().catch(failed);
  const timer = setInterval(() => {
    running = running.then(clear).catch(failed);
  }, EVERY_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
