import type { Act } from '../command.js';
import { connect } from '../node-connection.js';
import { purposeHeaders } from '../purpose.js';
import { listing } from '../table.js';
import { type ShowOptions, wholeStatement } from './show.js';

/** `entente alert thread DIGEST`. */
export const showThread: Act<ShowOptions> = async (options, [word = '']) => {
  const header = purposeHeaders(options);
  const client = await connect(options, 'ANALYST');
  const digest = await wholeStatement(client, word);
  const { data } = await client.GET('/v1/statements/{digest}/thread', { params: { path: { digest }, header } });
  const rows = listing(
    data?.items ?? [],
    {
      DIGEST: ({ header }, show) => show.digest(header.digest),
      KIND: ({ header }) => header.kind,
      ORIGINATOR: ({ header }) => (header.own ? `${header.originator} (own)` : header.originator),
      ISSUED: ({ header }, show) => show.time(header.issued_at),
      SAYS: ({ rel }, show) => rel.map(({ type, of }) => `${type.replaceAll('_', ' ')} ${show.digest(of)}`).join(', '),
    },
    { wide: options.wide, none: 'Nothing is connected with it.' },
  );
  return { result: { ...data }, words: [...rows, ...(data?.complete === false ? ['', 'There are more, which are not shown.'] : [])] };
};
