import type { Preview } from '../answers.js';
import type { Act } from '../command.js';
import { connect } from '../node-connection.js';
import { type Columns, listing, outline } from '../table.js';
import { answering, draftBodyOf, readStatementFile } from './file.js';
import type { PostOptions } from './post.js';

/** `entente alert preview FILE`: for the partners that are named, else for all. */
export const previewStatement =
  (kind: string): Act<PostOptions> =>
  async (options, [file = '']) => {
    const body = draftBodyOf(answering(await readStatementFile(file, kind), options.alert), options.to);
    const client = await connect(options, 'ANALYST');
    const { data } = await client.POST('/v1/previews', { body });
    return { result: { ...data }, words: previewLines(data?.items ?? []) };
  };

const parts: Columns<Preview['parts'][number]> = {
  PART: (p) => p.pointer,
  CLASS: (p) => p.data_class,
  SEEN: (p) => (p.shown ? 'yes' : 'WITHHELD'),
  RULE: (p) => p.rule,
  REASON: (p) => p.reason,
};

/** One table per partner: what it would see, what not, and why. */
export function previewLines(previews: readonly Preview[]): string[] {
  if (previews.length === 0) return ['No partners yet: `entente peer add`.'];
  return previews.flatMap((preview, at) => [...(at > 0 ? [''] : []), ...linesFor(preview)]);
}

function linesFor({ addressee, permitted, agreement, release, terms, rule, code, reason, parts: rows }: Preview): string[] {
  if (!permitted) return [`${addressee}: NOTHING. ${reason ?? ''} [${rule ?? code ?? ''}]`];
  const withheld = rows.filter((part) => !part.shown).length;
  return [
    `${addressee}: ${rows.length - withheld} parts, ${withheld} withheld; under ${agreement?.id} version ${agreement?.version}; release ${release?.replace('_', ' ')}`,
    ...(terms ? outline(terms, '  ') : []),
    ...listing(rows, parts, { none: 'No parts.' }),
  ];
}
