import type { NodeClient } from '@entente/client';
import type { Delivery, StatementContent, StatementHeader } from '../answers.js';
import type { Act } from '../command.js';
import { wholeDigest } from '../digest.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { type PurposeOptions, purposeHeaders } from '../purpose.js';
import { type Columns, listing, outline, sheet, showing } from '../table.js';
import { checkLines } from './posted.js';

export interface ShowOptions extends ConnectionOptions, PurposeOptions {
  wide?: boolean;
  header?: boolean;
}

/** `entente alert show DIGEST`. */
export const showStatement: Act<ShowOptions> = async (options, [word = '']) => {
  const header = options.header ? undefined : purposeHeaders(options);
  const client = await connect(options, 'ANALYST');
  const digest = await wholeStatement(client, word);
  if (header === undefined) {
    const { data } = await client.GET('/v1/statements/{digest}', { params: { path: { digest } } });
    return { result: { ...data }, words: headerLines(data as StatementHeader) };
  }
  const { data } = await client.GET('/v1/statements/{digest}/content', { params: { path: { digest }, header } });
  return { result: { ...data }, words: contentLines(data as StatementContent) };
};

export const wholeStatement = (client: NodeClient, word: string): Promise<string> =>
  wholeDigest(
    word,
    (query) => client.GET('/v1/statements', { params: { query } }),
    ({ digest }) => digest,
  );

const deliveries: Columns<Delivery> = {
  ADDRESSEE: (d) => d.addressee,
  STATE: (d) => d.delivery,
  CODE: (d) => d.code,
  RELEASED: (d, show) => show.time(d.released_at),
  OFFERED: (d, show) => show.time(d.offered_at),
  RECEIPT: (d, show) => show.time(d.receipt_at),
  PARTS: (d) => d.parts,
  'KEEP UNTIL': (d, show) => show.time(d.retain_until),
  RELEASE: (d, show) => show.digest(d.release),
};

/** `entente alert status DIGEST`. */
export const showDeliveries: Act<ShowOptions> = async (options, [word = '']) => {
  const client = await connect(options, 'ANALYST');
  const digest = await wholeStatement(client, word);
  const { data } = await client.GET('/v1/statements/{digest}/releases', { params: { path: { digest } } });
  return { result: { ...data }, words: listing(data?.items ?? [], deliveries, { wide: options.wide, none: 'It was released to nobody.' }) };
};

function headerLines(header: StatementHeader): string[] {
  const { time } = showing();
  return [
    ...sheet({
      statement: header.digest,
      kind: `${header.kind} ${header.ver}${header.exercise ? ' (exercise)' : ''}`,
      originator: header.own ? `${header.originator} (own)` : header.originator,
      issued: time(header.issued_at),
      valid: `${time(header.valid_from)} to ${time(header.valid_until)}`,
      author: header.author,
      releaser: header.releaser,
    }),
    ...(header.handling ? ['', 'handling:', ...outline(header.handling, '  ')] : []),
    ...checkLines(header.checks),
  ];
}

function contentLines({ header, body, rel, terms, not_shown }: StatementContent): string[] {
  return [
    ...headerLines(header),
    ...terms.flatMap(({ release, ...members }) => ['', `released to us (${release}):`, ...outline(members, '  ')]),
    ...(rel.length > 0 ? ['', 'relations:', ...rel.map(({ type, of }) => `  ${type} ${of}`)] : []),
    '',
    ...outline(body),
    ...(not_shown.length > 0 ? ['', `Not here, withheld or never said: ${not_shown.join(' ')}`] : []),
  ];
}
