/** Waits between tries: twice as long each time up to a minute unless told, spread by chance, and over at once when the peer is heard. */
export interface Backoff {
  /** Milliseconds of the coming wait. */
  next(): number;
  wait(stop: AbortSignal): Promise<void>;
  pause(milliseconds: number, stop: AbortSignal): Promise<void>;
  reset(): void;
  heard(): void;
}

const FIRST_MS = 250;
const LONGEST_MS = 60_000;

export function backoff(random: () => number = Math.random, longestMs = LONGEST_MS): Backoff {
  let tries = 0;
  let coming = draw();
  let wakeUp: (() => void) | undefined;

  function draw(): number {
    return Math.round(Math.min(longestMs, FIRST_MS * 2 ** tries) * (0.5 + random() / 2));
  }
  function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (stop.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        stop.removeEventListener('abort', done);
        wakeUp = undefined;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      stop.addEventListener('abort', done, { once: true });
      wakeUp = done;
    });
  }
  function reset(): void {
    tries = 0;
    coming = draw();
  }
  return {
    next: () => coming,
    wait: async (stop) => {
      await pause(coming, stop);
      tries = Math.min(tries + 1, 16);
      coming = draw();
    },
    pause,
    reset,
    heard: () => {
      reset();
      wakeUp?.();
    },
  };
}
