/** Says that something may have happened, to any number of readers who each know how far they have read. */
import type { Wake } from '../flow/wake.js';

export interface News {
  /** Ask before reading: what happens after the reading began is then not slept over. */
  at(): number;
  /** Resolves once there is news after `at`, after `milliseconds`, or when `signal` aborts. Never rejects. */
  past(at: number, milliseconds: number, signal: AbortSignal): Promise<void>;
}

export function openNews(wake: Pick<Wake, 'on'>): News {
  let count = 0;
  const waiting = new Set<() => void>();
  for (const kind of ['inbox', 'feed', 'receipt', 'notice'] as const) {
    wake.on(kind, () => {
      count += 1;
      for (const wakeUp of [...waiting]) wakeUp();
    });
  }
  return {
    at: () => count,
    past: (at, milliseconds, signal) =>
      new Promise((resolve) => {
        if (count > at || signal.aborted) return resolve();
        const done = () => {
          clearTimeout(timer);
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        waiting.add(done);
        signal.addEventListener('abort', done, { once: true });
      }),
  };
}
