/** What the clock ends by itself: at start and then at every turn, each by itself, so that one that fails holds up no other. */
import type { Logger } from 'pino';

export interface Chore {
  /** What cannot be done when it fails, in words. */
  name: string;
  run(): Promise<unknown>;
}

/** Never two turns at a time in one process. */
export function keepHouse(chores: readonly Chore[], everySeconds: number, logger: Logger): AsyncDisposable {
  async function turn(): Promise<void> {
    for (const { name, run } of chores) {
      await run().catch((error: unknown) => logger.error({ reason: (error as Error).message }, `cannot be done now: ${name}`));
    }
  }
  let running = turn();
  const timer = setInterval(() => {
    running = running.then(turn);
  }, everySeconds * 1000);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
