import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { AuditorError } from '../error.js';
import type { Watching } from '../verify.js';
import { parseVerifyState, type VerifyState } from '../verify-state.js';

const keepEveryMs = 2_000;

/**
 * A verification that may be interrupted, by Ctrl-C or by the end of its process: what it knows is kept in a file every few seconds, and the next
 * run with this file goes on from there. The file goes when the verification is done.
 */
export async function resumable<T>(file: string | undefined, run: (how: Pick<Watching, 'from' | 'onStep'>) => Promise<T>): Promise<T> {
  if (file === undefined) return run({});
  const from = await read(file);
  let stopped = false;
  let keptAt = Date.now();
  const stop = () => {
    stopped = true;
  };
  const onStep = async (state: () => VerifyState): Promise<void> => {
    if (!stopped && Date.now() - keptAt < keepEveryMs) return;
    await keep(file, state());
    keptAt = Date.now();
    if (stopped) throw new AuditorError('interrupted', `interrupted; the same command goes on from here, with ${file}`);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    const result = await run({ ...(from && { from }), onStep });
    await rm(file, { force: true });
    return result;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
}

async function read(file: string): Promise<VerifyState | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new AuditorError('bad_input', `${file} cannot be read: ${error.message}`);
  });
  return text === undefined ? undefined : parseVerifyState(text);
}

/** Whole or not at all: what was kept before is good until then. */
async function keep(file: string, state: VerifyState): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
