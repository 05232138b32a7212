import type { StatementHeader } from '../answers.js';
import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { type AskPage, every, moreBelow, type Page, type PagingOptions, pageOf } from '../paging.js';
import { type Columns, listing } from '../table.js';

export interface ListOptions extends ConnectionOptions, PagingOptions {
  own?: boolean;
  received?: boolean;
  originator?: string;
  exercise?: boolean;
  real?: boolean;
}

export interface SearchOptions extends ListOptions {
  since?: string;
  until?: string;
  valid?: string;
}

const columns: Columns<StatementHeader> = {
  DIGEST: (s, show) => show.digest(s.digest),
  KIND: (s) => s.kind,
  ORIGINATOR: (s) => (s.own ? `${s.originator} (own)` : s.originator),
  ISSUED: (s, show) => show.time(s.issued_at),
  'VALID UNTIL': (s, show) => show.time(s.valid_until),
  EXERCISE: (s) => (s.exercise ? 'exercise' : ''),
};

/** `entente alert list`. */
export const listStatements =
  (kind: string): Act<ListOptions> =>
  async (options) =>
    shown(await pageOf(options, await asking(kind, options)), options);

/** `entente alert search`: the list's filters, and what the open headers say, over all pages until there are enough. */
export const searchStatements =
  (kind: string): Act<SearchOptions> =>
  async (options) => {
    const wanted = options.all ? Number.POSITIVE_INFINITY : (options.limit ?? 50);
    const items: StatementHeader[] = [];
    for await (const statement of every(await asking(kind, options), options.after)) {
      if (matches(statement, options)) items.push(statement);
      if (items.length === wanted) break;
    }
    return shown({ items }, options);
  };

async function asking(kind: string, options: ListOptions): Promise<AskPage<StatementHeader>> {
  const client = await connect(options, 'ANALYST');
  const own = options.own ? true : options.received ? false : undefined;
  const exercise = options.exercise ? true : options.real ? false : undefined;
  const filters = {
    kind,
    ...(own !== undefined && { own }),
    ...(exercise !== undefined && { exercise }),
    ...(options.originator !== undefined && { originator: options.originator }),
  };
  return (query) => client.GET('/v1/statements', { params: { query: { ...filters, ...query } } });
}

function shown(page: Page<StatementHeader>, { wide }: ListOptions) {
  return { result: { ...page }, words: [...listing(page.items, columns, { wide, none: 'Nothing found.' }), ...moreBelow(page)] };
}

function matches({ issued_at, valid_from, valid_until }: StatementHeader, { since, until, valid }: SearchOptions): boolean {
  const named = (time: string) => Date.parse(time);
  return (
    (since === undefined || named(issued_at) >= named(since)) &&
    (until === undefined || named(issued_at) < named(until)) &&
    (valid === undefined || (named(valid_from) <= named(valid) && named(valid) < named(valid_until)))
  );
}
