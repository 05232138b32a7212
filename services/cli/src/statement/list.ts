import type { StatementHeader } from '../answers.js';
import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { type AskPage, moreBelow, type Page, type PagingOptions, pageOf } from '../paging.js';
import { type Columns, listing } from '../table.js';

export interface ListOptions extends ConnectionOptions, PagingOptions {
  own?: boolean;
  received?: boolean;
  originator?: string;
  exercise?: boolean;
  real?: boolean;
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

export function shown(page: Page<StatementHeader>, { wide }: PagingOptions) {
  return { result: { ...page }, words: [...listing(page.items, columns, { wide, none: 'Nothing found.' }), ...moreBelow(page)] };
}
