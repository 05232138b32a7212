#!/usr/bin/env node
/** `npm run overload`. Fails when it could not be carried out, and never because of a rate that it measured. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { forget } from '../federation.js';
import { siege } from './siege.js';

const options = new Command('npm run overload --')
  .description(
    'A partner floods a node with all that its certificate lets it; what that costs the exchange with a healthy partner, as a ratio.',
  )
  .option('--rounds <n>', 'each without the attack and under it', '3')
  .option('--seconds <n>', 'of each half of a round', '8')
  .option('--json', 'print one JSON object as the last line', false)
  .option('--folder <folder>', 'where its databases lie while it runs; emptied before and after', '.entente-overload')
  .parse(process.argv.slice(2), { from: 'user' })
  .opts<{ rounds: string; seconds: string; json: boolean; folder: string }>();

const folder = resolve(options.folder);
const tell = (text: string) => void process.stderr.write(`${text}\n`);
try {
  await forget(folder);
  const result = await siege({ folder, rounds: Number(options.rounds), secondsPerRound: Number(options.seconds), tell });
  process.stdout.write(
    `Under attack ${(result.ratio * 100).toFixed(0)} % of the rate without it (at least 90 asked for); memory from ${result.memory_before_mb.toFixed(0)} to at most ${result.memory_largest_mb.toFixed(0)} MB; tried: ${JSON.stringify(result.tried)}\n`,
  );
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  await forget(folder);
} catch (error) {
  tell(`The siege could not be carried out: ${(error as Error).stack}`);
  process.exitCode = 1;
}
