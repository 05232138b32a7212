#!/usr/bin/env node
/** `npm run chaos`. Exit code 1 when a promise was broken. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { forget } from '../federation.js';
import { type ChaosResult, chaos } from './chaos.js';

const options = new Command('npm run chaos --')
  .description(
    'Four agencies exchange while processes are killed, lines break, disks are lost or full, clocks go wrong, keys and agreements change and statements are recalled; then everything is counted and audited.',
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
  process.stdout.write(`${inWords(result)}\n`);
  for (const finding of result.findings) process.stdout.write(`${finding}\n`);
  process.stdout.write(result.held ? 'every promise was kept\n' : 'A PROMISE WAS BROKEN\n');
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.held ? 0 : 1;
  if (result.held) await forget(folder); // else it is for somebody to look into
} catch (error) {
  tell(`The storm could not be carried out: ${(error as Error).stack}`);
  process.exitCode = 2;
}

function inWords(r: ChaosResult): string {
  return [
    `${r.kills} kills, ${r.cuts} cuts, ${r.restores} restores, ${r.fail_overs} fail-overs, ${r.clocks} clocks shifted, ${r.full} times no storage`,
    `${r.rolled} keys and certificates rolled over, ${r.agreements} changes of the agreement, ${r.recalls} recalls`,
    `${r.posted} posted, ${r.acknowledged} acknowledged; ${r.lost} lost, ${r.doubled} doubled, ${r.gaps} gaps, ${r.forks} forks, ${r.still_used} recalled and still shown`,
    `${r.stopped} releases stopped by a rule, ${r.gone} statements gone with a disk before anybody else had them; ${r.logs_verified} logs verified`,
    ...r.not_tried.map((what) => `not tried: ${what}`),
  ].join('\n');
}
