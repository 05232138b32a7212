import type { Recall } from '../answers.js';
import type { Act } from '../command.js';
import { wholeDigest } from '../digest.js';
import { CliError } from '../failure.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { every, moreBelow, type PagingOptions, pageOf } from '../paging.js';
import { postedOutcome } from '../statement/posted.js';
import { wholeStatement } from '../statement/show.js';
import { type Columns, listing } from '../table.js';

interface ReasonOptions extends ConnectionOptions {
  reason: string;
  complyBy?: string;
  explanation?: string;
  notDerivatives?: boolean;
  follows?: string;
  field?: string[];
  wide?: boolean;
}

const common = ({ reason, complyBy, explanation, notDerivatives, follows }: ReasonOptions) => ({
  reason: reason as 'FACTUALLY_WRONG',
  applies_to_derivatives: notDerivatives !== true,
  ...(follows !== undefined && { follows }),
  ...(complyBy !== undefined && { comply_by: complyBy }),
  ...(explanation !== undefined && { explanation: { text: explanation, data_class: 'N0' } }),
});

/** `entente recall DIGEST`. */
export const recallStatement: Act<ReasonOptions & { effect: string }> = async (options, [word = '']) => {
  const client = await connect(options, 'ANALYST');
  const digest = await wholeStatement(client, word);
  const { data } = await client.POST('/v1/statements/{digest}/recall', {
    params: { path: { digest } },
    body: { ...common(options), effect: options.effect as 'ERASE', ...(options.field && { fields: options.field }) },
  });
  return postedOutcome(data as NonNullable<typeof data>, options.wide);
};

/** `entente correct DIGEST`. */
export const correctStatement: Act<ReasonOptions & { field: string[] }> = async (options, [word = '']) => {
  const changes = options.field.map((text) => {
    const at = text.indexOf('=');
    if (at < 0) throw new CliError('usage', `${text} says not what is right`, 'Write --field /body/goods/0/value=1200.00');
    const value = text.slice(at + 1);
    return { field: text.slice(0, at), ...(value !== '' && { value }) };
  });
  const client = await connect(options, 'ANALYST');
  const digest = await wholeStatement(client, word);
  const { data } = await client.POST('/v1/statements/{digest}/correction', {
    params: { path: { digest } },
    body: { ...common(options), changes },
  });
  return postedOutcome(data as NonNullable<typeof data>, options.wide);
};

/** Somebody to whom this node gave the target owes an answer, or this node owes one. */
const owes = ({ own, holders = [], outcome }: Recall): boolean =>
  holders.some(({ state }) => state === 'PENDING' || state === 'OVERDUE') || (!own && outcome === undefined);

const columns: Columns<Recall> = {
  RECALL: (r, show) => show.digest(r.statement),
  OF: (r, show) => show.digest(r.target),
  BY: (r) => (r.own ? `${r.originator} (own)` : r.originator),
  ASKS: (r) => `${r.effect ?? 'CORRECTION'}${r.parts.length > 0 ? ` (${r.parts.length} parts)` : ''}`,
  'COMPLY BY': (r, show) => show.time(r.comply_by),
  'ANSWERED HERE': (r) => (r.own ? '' : (r.outcome ?? (r.waits_for_officer ? 'waits for an officer' : 'not yet'))),
  HOLDERS: (r) => (r.holders ?? []).map(({ holder, state }) => `${holder} ${state}`).join(', '),
};

/** `entente recalls`. */
export const listRecalls: Act<ConnectionOptions & PagingOptions & { own?: boolean; received?: boolean; owing?: boolean }> = async (
  options,
) => {
  const client = await connect(options, 'ANALYST');
  const own = options.own ? { own: true } : options.received ? { own: false } : {};
  const ask = (query: { limit?: number; after?: string }) => client.GET('/v1/recalls', { params: { query: { ...own, ...query } } });
  const page = options.owing ? { items: await owing(every(ask, options.after), options.limit ?? 50) } : await pageOf(options, ask);
  return {
    result: { ...page },
    words: [...listing(page.items, columns, { wide: options.wide, none: 'Nothing is recalled.' }), ...moreBelow(page)],
  };
};

async function owing(all: AsyncIterable<Recall>, most: number): Promise<Recall[]> {
  const found: Recall[] = [];
  for await (const recall of all) {
    if (owes(recall)) found.push(recall);
    if (found.length === most) break;
  }
  return found;
}

interface ComplyOptions extends ConnectionOptions {
  instrument?: string;
  provision?: string;
  keptUntil?: string;
}

/** `entente comply DIGEST`. */
export const complyWith: Act<ComplyOptions> = async ({ instrument, provision, keptUntil, ...options }, [word = '']) => {
  const given = [instrument, provision, keptUntil].filter((value) => value !== undefined).length;
  if (given !== 0 && given !== 3)
    throw new CliError('usage', 'an exception needs --instrument, --provision and --kept-until', 'Without all three it is destroyed.');
  const client = await connect(options, 'RELEASER');
  const recalls = (query: { limit?: number; after?: string }) => client.GET('/v1/recalls', { params: { query } });
  const params = { path: { digest: await wholeDigest(word, recalls, ({ statement }) => statement) } };
  const { data } =
    given === 0
      ? await client.POST('/v1/recalls/{digest}/execute', { params })
      : await client.POST('/v1/recalls/{digest}/exception', {
          params,
          body: { instrument: instrument!, provision: provision!, kept_until: keptUntil! },
        });
  return { result: { ...data }, words: [`Answered: ${data?.outcome ?? 'nothing, for this agency is the originator'}.`] };
};
