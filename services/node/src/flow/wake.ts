/** Waiting for something to happen in the database, in this process or another of the same agency. */
import type { Store } from '@entente/store';

export type Happening = 'feed' | 'inbox' | 'peer' | 'agreement' | 'receipt' | 'notice' | 'webhook' | 'reversal';

export interface Wake extends AsyncDisposable {
  /** Resolves at the next happening of this kind (and peer), or when `signal` aborts. Never rejects. */
  next(kind: Happening, peer: string | undefined, signal: AbortSignal): Promise<void>;
  on(kind: Happening, listener: (peer: string | undefined) => void): () => void;
}

export async function openWake(store: Pick<Store, 'listen'>): Promise<Wake> {
  const listeners = new Map<Happening, Set<(peer: string | undefined) => void>>();
  const subscription = await store.listen((event) => {
    for (const listener of [...(listeners.get(event.kind) ?? [])]) listener(event.peer);
  });
  function on(kind: Happening, listener: (peer: string | undefined) => void): () => void {
    const set = listeners.get(kind) ?? new Set();
    listeners.set(kind, set.add(listener));
    return () => set.delete(listener);
  }
  return {
    on,
    next: (kind, peer, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const done = () => {
          off();
          signal.removeEventListener('abort', done);
          resolve();
        };
        const off = on(kind, (who) => {
          if (peer === undefined || who === undefined || who === peer) done();
        });
        signal.addEventListener('abort', done, { once: true });
      }),
    [Symbol.asyncDispose]: async () => {
      listeners.clear();
      await subscription[Symbol.asyncDispose]();
    },
  };
}
