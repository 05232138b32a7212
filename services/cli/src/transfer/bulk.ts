import { open } from 'node:fs/promises';
import { type BulkAnswer, type BulkEntry, postStatements } from '@entente/client';
import type { Act } from '../command.js';
import { CliError } from '../failure.js';
import { access, type ConnectionOptions } from '../node-connection.js';
import { progressOn } from '../progress.js';
import { listing } from '../table.js';

/** `entente bulk FILE`. */
export const postLines: Act<ConnectionOptions> = async (options, [file = ''], { terminal }) => {
  const { url, token } = await access(options, 'ANALYST');
  let total = 0;
  for await (const _ of entriesIn(file)) total += 1; // a line that is no JSON is found before anything is sent
  const progress = progressOn(terminal, total);
  const refused: BulkAnswer[] = [];
  let [done, again] = [0, 0];
  try {
    for await (const answer of postStatements({ baseUrl: url, token }, entriesIn(file))) {
      done += 1;
      if (answer.problem) refused.push(answer);
      if (answer.replayed) again += 1;
      progress(done, answer.idempotency_key ?? '');
    }
  } finally {
    terminal.status('');
  }
  const rows = listing(
    refused,
    { LINE: (a) => a.line, KEY: (a) => a.idempotency_key, CODE: (a) => a.problem?.code, WHY: (a) => a.problem?.detail },
    { none: '' },
  );
  return {
    result: { lines: done, refused: refused.length, known: again, problems: refused },
    words: [
      ...(refused.length > 0 ? [...rows, ''] : []),
      `${done} lines: ${done - refused.length} posted (${again} of them before), ${refused.length} refused.`,
    ],
    exitCode: refused.length > 0 ? 1 : 0,
  };
};

async function* entriesIn(file: string): AsyncGenerator<BulkEntry> {
  let number = 0;
  for await (const line of linesIn(file)) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      yield JSON.parse(line) as BulkEntry;
    } catch (error) {
      throw new CliError('file_invalid', `line ${number} of ${file} is not JSON: ${(error as Error).message}`, 'Correct the line.', {
        file,
      });
    }
  }
}

async function* linesIn(file: string): AsyncGenerator<string> {
  const handle = await open(file).catch(({ code }: NodeJS.ErrnoException) => {
    throw new CliError('file_missing', `${file} cannot be read (${code})`, 'Check the path.', { file });
  });
  yield* handle.readLines();
}
