/** Waits for a fact, by asking again and again, with a limit: never by hoping that a time is enough. */
import { setTimeout as pause } from 'node:timers/promises';

/** The first answer that is not undefined. Throws `what` when there is none within `seconds`. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  for (const deadline = performance.now() + seconds * 1000; ; await pause(25)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
  }
}
