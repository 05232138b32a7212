import type { NodeClient } from '@entente/client';
import type { Agreement } from '../answers.js';
import type { Act } from '../command.js';
import { wholeDigest } from '../digest.js';
import { CliError } from '../failure.js';
import { parseJson, readText } from '../files.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { printable } from '../table.js';
import { readAgreement } from './file.js';

export type Step = 'propose' | 'countersign' | 'suspend' | 'resume' | 'denounce';

/** `entente agreement draft FILE`. */
export const draftAgreement: Act<ConnectionOptions> = async (options, [file = '']) => {
  const drafted = await draft(await connect(options, 'ADMIN'), (await readAgreement(file)).payload);
  return {
    result: { ...drafted },
    words: [
      `Drafted as ${drafted.digest}. Nobody else sees it: \`entente agreement propose ${drafted.digest}\` signs it and tells the parties.`,
    ],
  };
};

/** `entente agreement amend DIGEST FILE`: the members that FILE names are changed, everything else stays. */
export const amendAgreement: Act<ConnectionOptions> = async (options, [word = '', file = '']) => {
  const client = await connect(options, 'ADMIN');
  const before = await heldAgreement(client, word);
  const { id: _, version: __, parties: ___, ...change } = await changeIn(file);
  const next = { ...before.agreement, ...change, version: before.version + 1, supersedes: before.digest };
  const drafted = await draft(client, next);
  return {
    result: { ...drafted },
    words: [
      `Version ${drafted.version} is drafted as ${drafted.digest}. It replaces version ${before.version} between those who have both signed it.`,
      `Next: \`entente agreement propose ${drafted.digest}\`.`,
    ],
  };
};

/** `entente agreement propose|countersign|suspend|resume|denounce DIGEST`. */
export const takeStep =
  (step: Step): Act<ConnectionOptions> =>
  async (options, [word = '']) => {
    const client = await connect(options, 'ADMIN');
    const { digest } = await heldAgreement(client, word);
    const { data } = await client.POST('/v1/agreements/{digest}/steps', { params: { path: { digest } }, body: { step } });
    return { result: { ...data }, words: [said[step], ...standingLines(data as Agreement)] };
  };

const said: Record<Step, string> = {
  propose: 'Signed, and on its way to the parties. It binds nobody who has not countersigned: silence is no consent.',
  countersign: 'Countersigned, and on its way to the parties.',
  suspend: 'Suspended: nothing leaves or enters under it from this moment, until `entente agreement resume`. The parties are told.',
  resume: 'Resumed: what is released from now on may leave. What was withdrawn meanwhile does not come back. The parties are told.',
  denounce: 'Denounced, for good. The parties are told, and answer with the last position of each feed.',
};

/** Where it stands with each other party, one line each. */
export const standingLines = ({ standing }: Pick<Agreement, 'standing'>): string[] =>
  standing.map(({ party, state, reason }) => printable(`  ${party}: ${state.replace('_', ' ')}. ${reason}`));

/** One that the node holds, by its digest or the beginning of it. */
export async function heldAgreement(client: NodeClient, word: string): Promise<Agreement> {
  const { data } = await client.GET('/v1/agreements');
  const items = data?.items ?? [];
  const digest = await wholeDigest(
    word,
    async () => ({ data: { items } }),
    (item) => item.digest,
  );
  const found = items.find((item) => item.digest === digest);
  if (found) return found;
  throw new CliError('usage', `the node holds no agreement ${word}`, 'Look at what it holds: `entente agreement list`.');
}

async function draft(client: NodeClient, agreement: Record<string, unknown>): Promise<Agreement> {
  const { data } = await client.POST('/v1/agreements/drafts', { body: { agreement } });
  return data as Agreement;
}

async function changeIn(file: string): Promise<Record<string, unknown>> {
  const change = parseJson(await readText(file, 'change'), file, 'change');
  if (typeof change === 'object' && change !== null && !Array.isArray(change)) return change as Record<string, unknown>;
  throw new CliError('file_invalid', `${file} is no JSON object`, 'It names the members that change, for example "grants" or "expires".');
}
