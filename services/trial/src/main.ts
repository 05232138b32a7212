#!/usr/bin/env node
/** `npm start`. */
import { resolve } from 'node:path';
import { readOptions } from './options.js';
import { runTrial } from './trial.js';

const options = readOptions(process.argv.slice(2));
const stop = new AbortController();
// npm hands a Ctrl-C on that the terminal has sent already: the second one must not cut the orderly end short.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

try {
  process.exitCode = (await runTrial({ ...options, folder: resolve(options.folder) }, (text) => process.stdout.write(text), stop.signal))
    ? 0
    : 1;
} catch (error) {
  const { message } = error as Error;
  process.stderr.write(`\nThe trial could not be carried out: ${message}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, error: message })}\n`);
  process.exitCode = 1;
}
