import { Argument } from 'commander';
import { CliError } from './failure.js';
import { type AskPage, every } from './paging.js';
import { bareDigest, digestForm } from './word.js';

const fewest = 6;
/** Among how many a short one is looked for. */
const recent = 1000;

export function digestArgument(name: string, what: string): Argument {
  return new Argument(`<${name}>`, `${what}: its digest, or the first ${fewest} characters of it or more`).argParser(bareDigest);
}

/**
 * The digest itself, or the only one of the latest thousand that begins so, as tables show them.
 * Throws `usage` when there is none, or more than one.
 */
export async function wholeDigest<Item>(word: string, ask: AskPage<Item>, digestOf: (item: Item) => string): Promise<string> {
  if (digestForm.test(word)) return word;
  if (!/^[A-Za-z0-9_-]+$/.test(word) || word.length < fewest) {
    throw new CliError('usage', `${word} is no digest`, `A digest has 43 characters; its first ${fewest} or more will do.`);
  }
  const found = new Set<string>();
  let seen = 0;
  for await (const item of every(ask)) {
    if (digestOf(item).startsWith(word)) found.add(digestOf(item));
    seen += 1;
    if (seen === recent) break;
  }
  const [only] = found;
  if (only !== undefined && found.size === 1) return only;
  throw found.size === 0
    ? new CliError('usage', `none of the latest ${recent} begins with ${word}`, 'Give the whole digest: tables show it with --wide.')
    : new CliError('usage', `${found.size} begin with ${word}: ${[...found].join(', ')}`, 'Give more of it.');
}
