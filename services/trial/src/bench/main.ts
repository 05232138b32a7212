#!/usr/bin/env node
/** `npm run bench`. Fails when it could not be carried out, and never because of a time that it measured. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { full, quick, runBench } from './bench.js';
import { page } from './page.js';
import { line, table } from './report.js';

const options = new Command('npm run bench --')
  .description('What signing, logging, sharing and verifying cost, as ratios to what storing and checking alone cost on this machine.')
  .option('--quick', 'under a minute; the figures spread more', false)
  .option('--json', 'print one JSON object as the last line', false)
  .option('--log-entries <n>', 'the size to which the log grows in a full run', '1000000')
  .option('--statements <n>', 'the number of statements to which the search grows in a full run', '100000')
  .option('--page <file>', 'write the report with charts as one HTML file')
  .option('--folder <folder>', 'where its databases lie while it runs; emptied before and after', '.entente-bench')
  .parse(process.argv.slice(2), { from: 'user' })
  .opts<{ quick: boolean; json: boolean; logEntries: string; statements: string; page?: string; folder: string }>();

try {
  const report = await runBench({
    folder: resolve(options.folder),
    plan: options.quick ? quick : full({ entries: Number(options.logEntries), statements: Number(options.statements) }),
    tell: (text) => process.stderr.write(`${text}\n`),
  });
  process.stdout.write(table(report));
  if (options.page) await writeFile(options.page, page(report));
  if (options.json) process.stdout.write(`${line(report)}\n`);
} catch (error) {
  process.stderr.write(`The bench could not be carried out: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
