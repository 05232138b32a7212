import type { Act } from '../command.js';
import { CliError } from '../failure.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { type PurposeOptions, purposeHeaders } from '../purpose.js';
import { wholeStatement } from '../statement/show.js';

/** `entente subject search REQUEST`. */
export const search: Act<ConnectionOptions & PurposeOptions> = async (options, [id = '']) => {
  const header = purposeHeaders(options);
  const client = await connect(options, 'DPO');
  const { data } = await client.POST('/v1/subject-requests/{id}/search', { params: { path: { id }, header } });
  return { result: { ...data }, words: [`Found in ${data?.found} statements: entente subject show ${id}`] };
};

/** `entente subject compare REQUEST STATEMENT`. */
export const compare: Act<ConnectionOptions & { concerns?: boolean; unrelated?: boolean }> = async (options, [id = '', word = '']) => {
  const concerns = options.concerns === true;
  if (!concerns && !options.unrelated) throw new CliError('usage', 'it is not said what it is', 'Say --concerns or --unrelated.');
  const client = await connect(options, 'DPO');
  const digest = await wholeStatement(client, word);
  const { data } = await client.PUT('/v1/subject-requests/{id}/findings/{digest}', {
    params: { path: { id, digest } },
    body: { concerns },
  });
  return { result: { ...data }, words: [`${digest}: ${data?.telling.replaceAll('_', ' ')}.`] };
};

/** `entente subject refer REQUEST STATEMENT`. */
export const refer: Act<ConnectionOptions & { replyBy?: string }> = async ({ replyBy, ...options }, [id = '', word = '']) => {
  const client = await connect(options, 'DPO');
  const digest = await wholeStatement(client, word);
  const { data } = await client.POST('/v1/subject-requests/{id}/findings/{digest}/referral', {
    params: { path: { id, digest } },
    body: replyBy === undefined ? {} : { reply_by: replyBy },
  });
  const { draft, referral, unreachable } = data!;
  const waits = `Waits for the second officer as draft ${draft}: entente draft release ${draft}`;
  const words = unreachable ? `It cannot be asked (${unreachable}): nothing of it is told.` : referral ? `Asked: ${referral}` : waits;
  return { result: { ...data }, words: [words], ...(unreachable && { exitCode: 1 }) };
};
