import type { Due, Erasure } from '../answers.js';
import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { moreBelow, type PagingOptions, pageOf } from '../paging.js';
import { wholeStatement } from '../statement/show.js';
import { type Columns, listing, sheet, showing } from '../table.js';

const due: Columns<Due> = {
  STATEMENT: (d, show) => show.digest(d.statement.digest),
  KIND: (d) => d.statement.kind,
  ORIGINATOR: (d) => (d.statement.own ? `${d.statement.originator} (own)` : d.statement.originator),
  CLASS: (d) => d.retention_class,
  'REVIEW AT': (d, show) => show.time(d.review_at),
  'ERASED AT': (d, show) => show.time(d.erase_at),
  HOLD: (d) => (d.on_hold ? 'legal hold' : ''),
};

/** `entente retention due`. */
export const listDue: Act<ConnectionOptions & PagingOptions & { days: number }> = async (options) => {
  const client = await connect(options, 'HEAD');
  const page = await pageOf(options, (query) =>
    client.GET('/v1/retention/due', { params: { query: { within_days: options.days, ...query } } }),
  );
  return { result: { ...page }, words: [...listing(page.items, due, { wide: options.wide, none: 'Nothing is due.' }), ...moreBelow(page)] };
};

const erasures: Columns<Erasure> = {
  CONTENT: (e, show) => show.digest(e.content),
  'ERASED AT': (e, show) => show.time(e.erased_at),
  'NO COPY AFTER': (e, show) => (e.no_copy_after === undefined ? 'not yet: the key over it still stands' : show.time(e.no_copy_after)),
};

/** `entente retention erasures DIGEST`. */
export const listErasures: Act<ConnectionOptions & { wide?: boolean }> = async (options, [word = '']) => {
  const client = await connect(options, 'HEAD');
  const { data } = await client.GET('/v1/statements/{digest}/erasures', {
    params: { path: { digest: await wholeStatement(client, word) } },
  });
  return { result: { ...data }, words: listing(data?.items ?? [], erasures, { wide: options.wide, none: 'Nothing of it was erased.' }) };
};

/** `entente retention horizon`. */
export const moveHorizon: Act<ConnectionOptions> = async (options) => {
  const { data } = await (await connect(options, 'ADMIN')).POST('/v1/retention/horizon');
  return {
    result: { ...data },
    words: [
      `${data?.rewrapped} keys are wrapped anew; destroyed: ${data?.destroyed.join(', ')}. What was erased before cannot come back from any copy.`,
    ],
  };
};

/** `entente hold place DIGEST`. */
export const placeHold: Act<ConnectionOptions & { reason: string }> = async (options, [word = '']) => {
  const client = await connect(options, 'HEAD');
  const digest = await wholeStatement(client, word);
  const { data } = await client.PUT('/v1/statements/{digest}/hold', { params: { path: { digest } }, body: { reason: options.reason } });
  return { result: { ...data }, words: [`Nothing of ${digest} is erased while the hold stands.`] };
};

/** `entente hold show DIGEST`. */
export const showHold: Act<ConnectionOptions> = async (options, [word = '']) => {
  const client = await connect(options, 'HEAD');
  const digest = await wholeStatement(client, word);
  const { data } = await client.GET('/v1/statements/{digest}/hold', { params: { path: { digest } } });
  return {
    result: { ...data },
    words: sheet({ statement: data?.statement, reason: data?.reason, placed: showing().time(data?.placed_at), by: data?.placed_by }),
  };
};

/** `entente hold lift DIGEST`. */
export const liftHold: Act<ConnectionOptions> = async (options, [word = '']) => {
  const client = await connect(options, 'HEAD');
  const digest = await wholeStatement(client, word);
  await client.DELETE('/v1/statements/{digest}/hold', { params: { path: { digest } } });
  return { result: { statement: digest }, words: [`The hold on ${digest} is lifted.`] };
};
