/** A setTimeout waits no longer: about 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Aborts after so many milliseconds. In place of AbortSignal.timeout wherever AbortSignal.any listens: that holds its sources weakly, and in
 * Node 20 a timeout that nothing else holds is collected and never comes. Here the timer holds it.
 */
export function timeLimit(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  const end = () => controller.abort(new DOMException(`not within ${milliseconds} ms`, 'TimeoutError'));
  setTimeout(end, Math.min(milliseconds, LONGEST_MS)).unref();
  return controller.signal;
}
