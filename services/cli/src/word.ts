import { InvalidArgumentError } from 'commander';

/** Digests as people type them. */
export const digestForm = /^[A-Za-z0-9_-]{43}$/;

const shield = 'digest:';

/** As tables show it. */
const cutForm = /^[A-Za-z0-9_-]{6,42}…$/;

/** One digest in 64 begins with a dash and would pass for an option, so it is spelled `digest:-...` before the command line is read. */
export const shieldDigests = (argv: readonly string[]): string[] =>
  argv.map((word) => (word.startsWith('-') && (digestForm.test(word) || cutForm.test(word)) ? shield + word : word));

/** Without the shield, and without the mark of a table that more follows. */
export const bareDigest = (word: string): string => (word.startsWith(shield) ? word.slice(shield.length) : word).replace(/…$/, '');

/** A point in time as an option's value. */
export function timeWord(word: string): string {
  if (Number.isNaN(Date.parse(word))) throw new InvalidArgumentError('Write it as 2031-03-01 or 2031-03-01T12:00:00Z.');
  return word;
}
