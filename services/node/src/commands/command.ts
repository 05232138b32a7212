/** What the node program can be told to do. */
import type { Config } from '../config/schema.js';

/** What was written after the command's words, as text. */
export interface Arguments {
  json: boolean;
  /** Of `serve`: the schema first, then serving, where the node's machine may hold the owner's address. */
  migrate?: boolean | undefined;
  folder?: string | undefined;
  final?: boolean | undefined;
  erased?: string | undefined;
  'new-epoch'?: string | undefined;
}

/** `result` is printed with --json, `words` without. */
export interface Outcome {
  result: object;
  words: string[];
  exitCode?: number;
}

export type Command = (config: Config, args: Arguments) => Promise<Outcome | undefined>;

/** Refused, with what to do about it. The code is for programs. */
export class CommandError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

export function requiredFolder({ folder }: Arguments): string {
  if (folder === undefined) throw new CommandError('usage', 'the folder of the backup is missing', 'Name it: --folder FOLDER.');
  return folder;
}

/** One line that the next one replaces, for people at a terminal; nothing for programs. */
export function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
}
