import type { Draft, DraftHeader } from '../answers.js';
import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { moreBelow, type PagingOptions, pageOf } from '../paging.js';
import { type PurposeOptions, purposeHeaders } from '../purpose.js';
import { findingLines } from '../statement/posted.js';
import { previewLines } from '../statement/preview.js';
import { type Columns, listing, outline, sheet, showing } from '../table.js';

export interface DraftListOptions extends ConnectionOptions, PagingOptions {
  state?: DraftHeader['state'];
  author?: string;
}

const columns: Columns<DraftHeader> = {
  DRAFT: (d) => d.id,
  KIND: (d) => d.kind,
  STATE: (d) => d.state,
  VERSION: (d) => d.version,
  OPEN: (d) => d.open,
  AUTHOR: (d) => d.author,
  CHANGED: (d, show) => show.time(d.updated_at),
  FOR: (d) => d.addressees.join(' '),
};

/** `entente draft list`. */
export const listDrafts: Act<DraftListOptions> = async (options) => {
  const client = await connect(options, 'ANALYST');
  const { state, author, wide } = options;
  const filters = { ...(state !== undefined && { state }), ...(author !== undefined && { author }) };
  const page = await pageOf(options, (query) => client.GET('/v1/drafts', { params: { query: { ...filters, ...query } } }));
  return { result: { ...page }, words: [...listing(page.items, columns, { wide, none: 'No drafts.' }), ...moreBelow(page)] };
};

type ReadOptions = ConnectionOptions & PurposeOptions & { to?: string[]; wide?: boolean };

/** `entente draft show ID`. */
export const showDraft: Act<ReadOptions> = async (options, [id = '']) => {
  const header = purposeHeaders(options);
  const { data } = await (await connect(options, 'ANALYST')).GET('/v1/drafts/{id}', { params: { path: { id }, header } });
  return { result: { ...data }, words: draftLines(data as Draft) };
};

function draftLines({ statement, findings, addressees, id, ...rest }: Draft): string[] {
  const { time } = showing();
  const { version, state, kind, author, unit, source, decided_by, reason, released_as, updated_at } = rest;
  return [
    ...sheet({
      draft: id,
      version,
      state,
      kind,
      author: `${author} (${unit})`,
      changed: time(updated_at),
      for: addressees.join(' '),
      'from shipment': source,
      'decided by': decided_by,
      reason,
      statement: released_as,
    }),
    '',
    ...outline(statement),
    ...findingLines(findings),
  ];
}

/** `entente draft preview ID`: for the partners that are named, else for those that the draft names, else for all. */
export const previewDraft: Act<ReadOptions> = async (options, [id = '']) => {
  const header = purposeHeaders(options);
  const client = await connect(options, 'ANALYST');
  const query = options.to === undefined ? {} : { addressee: options.to };
  const { data } = await client.GET('/v1/drafts/{id}/preview', { params: { path: { id }, query, header } });
  return { result: { ...data }, words: previewLines(data?.items ?? []) };
};
