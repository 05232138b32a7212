import type { Draft, DraftHeader, Preview } from '../answers.js';
import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { moreBelow, type PagingOptions, pageOf } from '../paging.js';
import { type PurposeOptions, purposeHeaders } from '../purpose.js';
import { findingLines } from '../statement/posted.js';
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

/** `entente draft preview ID`: for the partners that are named, else for those that the draft names. */
export const previewDraft: Act<ReadOptions> = async (options, [id = '']) => {
  const header = purposeHeaders(options);
  const client = await connect(options, 'ANALYST');
  const addressee = options.to ?? (await client.GET('/v1/drafts/{id}', { params: { path: { id }, header } })).data?.addressees ?? [];
  if (addressee.length === 0) return { result: { items: [] }, words: ['The draft names no partner yet: give some with --to ID.'] };
  const { data } = await client.GET('/v1/drafts/{id}/preview', { params: { path: { id }, query: { addressee }, header } });
  return { result: { ...data }, words: (data?.items ?? []).flatMap((preview, at) => [...(at > 0 ? [''] : []), ...previewLines(preview)]) };
};

const parts: Columns<Preview['parts'][number]> = {
  PART: (p) => p.pointer,
  CLASS: (p) => p.data_class,
  SEEN: (p) => (p.shown ? 'yes' : 'WITHHELD'),
  RULE: (p) => p.rule,
  REASON: (p) => p.reason,
};

function previewLines({ addressee, permitted, agreement, release, terms, rule, code, reason, parts: rows }: Preview): string[] {
  if (!permitted) return [`${addressee}: NOTHING. ${reason ?? ''} [${rule ?? code ?? ''}]`];
  const withheld = rows.filter((part) => !part.shown).length;
  return [
    `${addressee}: ${rows.length - withheld} parts, ${withheld} withheld; under ${agreement?.id} version ${agreement?.version}; release ${release?.replace('_', ' ')}`,
    ...(terms ? outline(terms, '  ') : []),
    ...listing(rows, parts, { none: 'No parts.' }),
  ];
}
