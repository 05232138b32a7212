import type { NodeClient } from '@entente/client';
import type { Act } from '../command.js';
import { CliError } from '../failure.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { every } from '../paging.js';
import { draftBodyOf, readStatementFile } from '../statement/file.js';
import { findingLines } from '../statement/posted.js';

export type WriteOptions = ConnectionOptions & { to?: string[]; version?: number };

/** `entente draft write ID FILE`. */
export const writeDraft: Act<WriteOptions> = async (options, [id = '', file = '']) => {
  const read = await readStatementFile(file);
  const header = ifMatch(options.version ?? read.version);
  const client = await connect(options, 'ANALYST');
  const { data } = await client.PUT('/v1/drafts/{id}', { params: { path: { id }, header }, body: draftBodyOf(read, options.to) });
  return { result: { ...data }, words: [`Draft ${id} is at version ${data?.version}.`, ...findingLines(data?.findings ?? [])] };
};

/** `entente draft discard ID`. */
export const discardDraft: Act<WriteOptions> = async (options, [id = '']) => {
  const header = ifMatch(options.version);
  await (await connect(options, 'ANALYST')).DELETE('/v1/drafts/{id}', { params: { path: { id }, header } });
  return { result: { id, state: 'discarded' }, words: [`Draft ${id} is discarded.`] };
};

/** `entente draft submit ID`. */
export const submitDraft: Act<WriteOptions> = async (options, [id = '']) => {
  const client = await connect(options, 'ANALYST');
  const addressees = options.to ?? (await namedIn(client, id));
  const { data } = await client.POST('/v1/drafts/{id}/submit', {
    params: { path: { id }, header: options.version === undefined ? {} : ifMatch(options.version) },
    body: { addressees },
  });
  return { result: { ...data }, words: [`Draft ${id}, version ${data?.version}, waits for the second officer.`] };
};

/** Whom the draft names stands in the list, which needs no purpose. */
async function namedIn(client: NodeClient, id: string): Promise<string[]> {
  for await (const draft of every((query) => client.GET('/v1/drafts', { params: { query: { ...query, state: 'draft' } } }))) {
    if (draft.id === id && draft.addressees.length > 0) return draft.addressees;
  }
  throw new CliError('usage', `draft ${id} names no partner yet`, 'Name each partner with --to ID; `entente peer list` shows them.');
}

/** The ETag of a draft is its version. Throws `usage` without one: what another wrote meanwhile must not get lost. */
export function ifMatch(version: number | undefined): { 'if-match': string } {
  if (version !== undefined) return { 'if-match': `"${version}"` };
  throw new CliError(
    'usage',
    'it is not said which version of the draft was read',
    'Give it with --version N; `entente draft show` and `draft list` show it.',
  );
}
