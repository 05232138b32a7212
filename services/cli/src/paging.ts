import { type Command, InvalidArgumentError } from 'commander';
import { bareDigest } from './word.js';

export interface PagingOptions {
  limit?: number;
  after?: string;
  all?: boolean;
  wide?: boolean;
}

/** A page of a list of the API. `next` is the cursor of the following one. */
export interface Page<Item> {
  items: Item[];
  next?: string;
}

export type AskPage<Item> = (query: { limit?: number; after?: string }) => Promise<{ data?: Page<Item> }>;

/** The most that the API gives on one page. */
const mostOnPage = 1000;

export function withWide(command: Command): Command {
  return command.option('--wide', 'whole digests and times in the table');
}

export function withPaging(command: Command): Command {
  return withWide(command)
    .option('--limit <number>', 'how many to show (default: 50)', count)
    .option('--after <cursor>', 'go on after this cursor: `next` of the page before', bareDigest)
    .option('--all', 'all there are');
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > mostOnPage)
    throw new InvalidArgumentError(`A whole number from 1 to ${mostOnPage}.`);
  return number;
}

/** One page as it was asked for, or with `--all` every page as one. */
export async function pageOf<Item>(options: PagingOptions, ask: AskPage<Item>): Promise<Page<Item>> {
  if (!options.all)
    return (await ask({ ...(options.limit && { limit: options.limit }), ...(options.after && { after: options.after }) }))
      .data as Page<Item>;
  const items: Item[] = [];
  for await (const item of every(ask, options.after)) items.push(item);
  return { items };
}

/** Every item of a list, page by page as they are needed. */
export async function* every<Item>(ask: AskPage<Item>, from?: string): AsyncGenerator<Item> {
  let after = from;
  do {
    const { data } = await ask({ limit: mostOnPage, ...(after !== undefined && { after }) });
    yield* data?.items ?? [];
    after = data?.next;
  } while (after !== undefined);
}

/** What stands below a table that has more. */
export function moreBelow(page: Page<unknown>): string[] {
  return page.next === undefined ? [] : ['', `There are more: --after ${page.next}, or --all.`];
}
