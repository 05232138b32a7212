/** Holds what was here before a watch list against it, slice by slice; any process takes the next slice, and none is lost when one dies. */
import type { Store } from '@entente/store';
import type { Logger } from 'pino';

const EVERY_MS = 2_000;

export function watchPast(store: Pick<Store, 'matchPast'>, logger: Logger): AsyncDisposable {
  let closed = false;
  async function catchUp(): Promise<void> {
    while (!closed && (await store.matchPast())) {
      // each turn is one slice of one list
    }
  }
  const failed = (error: unknown) =>
    logger.error({ reason: (error as Error).message }, 'a watch list could not be held against what was here before');
  let running = catchUp().catch(failed);
  const timer = setInterval(() => {
    running = running.then(catchUp).catch(failed);
  }, EVERY_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
