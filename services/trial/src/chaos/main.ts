#!/usr/bin/env node
/** `npm run chaos`. Exit code 1 when a promise was broken. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { forget } from '../federation.js';
import { chaos } from './chaos.js';

const options = new Command('npm run chaos --')
  .description(
    'Four agencies exchange while processes are killed, connections cut and clocks shifted; then everything is counted and audited.',
  )
  .option('--seconds <n>', 'how long the storm lasts', '60')
  .option('--seed <n>', 'the same seed strikes in the same order')
  .option('--json', 'print one JSON object as the last line', false)
  .option('--folder <folder>', 'where its databases lie while it runs; emptied before and after', '.entente-chaos')
  .parse(process.argv.slice(2), { from: 'user' })
  .opts<{ seconds: string; seed?: string; json: boolean; folder: string }>();

const folder = resolve(options.folder);
const tell = (text: string) => process.stderr.write(`${text}\n`);
try {
  await forget(folder);
  const seed = options.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(options.seed);
  const result = await chaos({ folder, seconds: Number(options.seconds), seed, tell });
  const { kills, cuts, clocks, posted, acknowledged, lost, doubled, gaps, forks, logs_verified, findings, held } = result;
  process.stdout.write(
    `${kills} kills, ${cuts} cuts, ${clocks} clocks shifted; ${posted} posted, ${acknowledged} acknowledged; ${lost} lost, ${doubled} doubled, ${gaps} gaps, ${forks} forks; ${logs_verified} logs verified\n`,
  );
  for (const finding of findings) process.stdout.write(`${finding}\n`);
  process.stdout.write(held ? 'every promise was kept\n' : 'A PROMISE WAS BROKEN\n');
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = held ? 0 : 1;
  await forget(folder);
} catch (error) {
  tell(`The storm could not be carried out: ${(error as Error).stack}`);
  process.exitCode = 2;
}
