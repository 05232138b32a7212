import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { timeLimit } from '../src/time-limit.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

t.test('a time limit comes also when only a combination of signals knows of it, and memory was cleaned up meanwhile', async (t) => {
  const ended = (() => {
    const never = new AbortController();
    const either = AbortSignal.any([never.signal, timeLimit(200)]);
    return new Promise<string>((resolve) => either.addEventListener('abort', () => resolve(either.reason.name), { once: true }));
  })();
  await pause(0); // out of the scope that made it
  collect();
  const patience = new AbortController(); // its timer also keeps this process: that of a time limit does not
  const late = pause(10_000, 'it never came', { signal: patience.signal }).catch(() => 'over');
  t.equal(await Promise.race([ended, late]), 'TimeoutError');
  patience.abort();
});
