import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { CliError } from './failure.js';

/** Reads a text file that a person named, or standard input for `-`; `what` is how that person would call it. */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return await (file === '-' ? textOf(process.stdin) : readFile(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CliError('file_missing', `there is no ${what} at ${file}`, 'Check the path.', { file });
    throw new CliError(
      'file_invalid',
      `the ${what} at ${file} cannot be read (${code ?? String(error)})`,
      'Check that it is a file, and who may read it.',
      {
        file,
      },
    );
  }
}

export function parseJson(text: string, file: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError('file_invalid', `the ${what} at ${file} is not JSON: ${(error as Error).message}`, 'Correct the file.', { file });
  }
}

/** Replaces a file whole or not at all. */
export async function replaceFile(file: string, text: string, mode = 0o644): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { flag: 'wx', mode });
  await rename(draft, file);
}
