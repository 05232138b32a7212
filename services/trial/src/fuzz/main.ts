#!/usr/bin/env node
/** `npm run fuzz`. Exit code 1 when something was found. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { forget } from '../federation.js';
import { fuzzEndpoints } from './endpoints.js';
import { fuzzReaders } from './readers.js';

const options = new Command('npm run fuzz --')
  .description('Spoilt input for every parser and for every endpoint of a real node: no crash, no 5xx, no content in errors or logs.')
  .option('--seconds <n>', 'half for the parsers, half for the endpoints', '60')
  .option('--seed <n>', 'the same seed gives the same input')
  .option('--json', 'print one JSON object as the last line', false)
  .option('--folder <folder>', 'where its databases lie while it runs; emptied before and after', '.entente-fuzz')
  .parse(process.argv.slice(2), { from: 'user' })
  .opts<{ seconds: string; seed?: string; json: boolean; folder: string }>();

const folder = resolve(options.folder);
const seed = options.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(options.seed);
const seconds = Number(options.seconds) / 2;
try {
  await forget(folder);
  const readers = await fuzzReaders({ seconds, seed });
  for (const { parser, error, text } of readers.finds)
    process.stdout.write(`${parser}: ${error}: ${JSON.stringify(text).slice(0, 1000)}\n`);
  const endpoints = await fuzzEndpoints({ folder, seconds, seed });
  for (const { what, ask } of endpoints.finds) process.stdout.write(`${what}: ${JSON.stringify(ask)?.slice(0, 1000)}\n`);
  const finds = readers.finds.length + endpoints.finds.length;
  process.stdout.write(
    `Seed ${seed}: ${readers.inputs} texts for the parsers, ${readers.read} of them read; ${endpoints.requests} requests to ${endpoints.operations} operations, ${endpoints.succeeded} of which answered with success; ${finds} finds\n`,
  );
  if (options.json) process.stdout.write(`${JSON.stringify({ seed, readers, endpoints, finds })}\n`);
  process.exitCode = finds === 0 ? 0 : 1;
  await forget(folder);
} catch (error) {
  process.stderr.write(`The fuzzing could not be carried out: ${(error as Error).stack}\n`);
  process.exitCode = 2;
}
