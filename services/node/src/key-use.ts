/** Each use of a private key is in the access log: how often within a minute, per key. The keys of log and witness leave checkpoints instead. */
import type { Store } from '@entente/store';
import type { Logger } from 'pino';
import { nodeActor } from './flow/node-actor.js';

export interface KeyUse extends AsyncDisposable {
  /** `key` is its use and its name. */
  count(key: string): void;
  /** From now on the counts are written, every so often and at the end. */
  writeTo(store: Pick<Store, 'commit'>, logger: Logger, everySeconds: number): void;
}

export function countKeyUse(): KeyUse {
  let counts = new Map<string, number>();
  let write = async (): Promise<void> => undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    count: (key) => void counts.set(key, (counts.get(key) ?? 0) + 1),
    writeTo: (store, logger, everySeconds) => {
      write = async () => {
        const written = counts;
        if (written.size === 0) return;
        counts = new Map();
        const access = [...written].map(([key, times]) => ({
          actor: nodeActor.pseudonym,
          role: nodeActor.role,
          operation: 'KEY_USE' as const,
          object: `${key}: ${times} times`,
        }));
        await store.commit({ access }).catch((error: unknown) => {
          for (const [key, times] of written) counts.set(key, (counts.get(key) ?? 0) + times);
          logger.error({ reason: (error as Error).message }, 'the use of keys could not be logged; it will be with the next');
        });
      };
      timer = setInterval(() => void write(), everySeconds * 1000);
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await write();
    },
  };
}
