import { InvalidArgumentError, Option } from 'commander';

/** An option that may be given several times. */
export const repeated = (flags: string, description: string): Option =>
  new Option(flags, `${description}; may be given several times`).argParser((word: string, before: string[] = []) => [...before, word]);

/** The same with a value of two halves, `NAME=VALUE`, as the members `name` and `value`. */
export const repeatedPair = (flags: string, description: string): Option =>
  new Option(flags, `${description}; may be given several times`).argParser((word: string, before: [string, string][] = []) => {
    const at = word.indexOf('=');
    if (at < 1 || at === word.length - 1) throw new InvalidArgumentError('Write it as NAME=VALUE.');
    return [...before, [word.slice(0, at), word.slice(at + 1)] as [string, string]];
  });
