import { labelOf } from '@entente/statement';
import type { AnswersOf } from '../answers.js';
import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { type Columns, listing } from '../table.js';

const columns: Columns<AnswersOf> = {
  PARTNER: (a) => a.partner,
  KIND: (a) => a.kind,
  ASKED: (a) => (a.own ? 'by this agency' : 'by the partner'),
  OPEN: (a) => a.open,
  ANSWERED: (a) => a.answered,
  REFUSED: (a) => a.refused,
  LAPSED: (a) => a.lapsed,
  GROUNDS: (a) => a.grounds.map(({ code, count }) => `${count} ${code} (${labelOf('refusal', code)})`).join(', '),
};

/** `entente answers`. */
export const countAnswers: Act<ConnectionOptions & { own?: boolean; received?: boolean; wide?: boolean }> = async (options) => {
  const own = options.own ? { own: true } : options.received ? { own: false } : {};
  const client = await connect(options, 'ANALYST');
  const { data } = await client.GET('/v1/answers', { params: { query: own } });
  return { result: { ...data }, words: listing(data!.items, columns, { wide: options.wide, none: 'Nobody has asked for an answer.' }) };
};
