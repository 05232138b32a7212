/** The command line of `npm start`. */
import { Command } from 'commander';

export interface Options {
  once: boolean;
  json: boolean;
  fresh: boolean;
  input?: string;
  folder: string;
}

/** Exits of itself for `--help` and for unknown options. */
export function readOptions(argv: readonly string[]): Options {
  const flags = { once: false, json: false, fresh: false };
  const given = new Command('npm start --')
    .description('Three agencies on this machine exchange intelligence before your eyes, then stay up for you to try.')
    .option('--once', 'stop after the demonstration; exit 0 only if everything held')
    .option('--json', 'print one JSON object as the last line')
    .option('--fresh', 'forget the data of earlier runs and begin anew')
    .option('--input <folder>', 'read declarations (XML, WCO data model) from a folder instead of the invented ones')
    .option('--folder <folder>', 'where the data of the trial lies', '.entente')
    .addHelpText(
      'after',
      `
Examples:
  npm start                            the demonstration; Ctrl-C stops it
  npm start -- --fresh                 the same from the beginning
  npm start -- --once --json           for programs: the last line is the result
  npm start -- --input ./declarations  your own declarations`,
    )
    .parse(argv, { from: 'user' })
    .opts<Partial<Options> & Pick<Options, 'folder'>>();
  return { ...flags, ...given };
}
