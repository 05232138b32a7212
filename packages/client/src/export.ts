import type { paths } from './api.js';
import type { ClientOptions } from './client.js';
import { ProblemError, unexpectedAnswer } from './problem.js';
import { openStream, textLines } from './stream.js';

type Export = paths['/v1/exports']['post'];
export type ExportFilter = Omit<Export['requestBody']['content']['application/json'], 'format'>;
export type ExportedStatement = paths['/v1/statements/{digest}/content']['get']['responses'][200]['content']['application/json'];
export interface ExportSummary {
  exported: number;
  /** Not given for this purpose, or run out. */
  left_out: number;
}
/** Why: it stands in the node's access log. */
export interface ExportPurpose {
  purpose: string;
  justification: string;
}

const open = (
  options: ClientOptions,
  why: ExportPurpose,
  body: Export['requestBody']['content']['application/json'],
  signal?: AbortSignal,
) =>
  openStream(options, '/v1/exports', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'entente-purpose': why.purpose,
      'entente-justification': encodeURIComponent(why.justification),
    },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });

/** One statement after the other; the generator returns the summary, and throws when the answer was not whole. */
export async function* exportStatements(
  options: ClientOptions,
  why: ExportPurpose,
  filter: ExportFilter = {},
  signal?: AbortSignal,
): AsyncGenerator<ExportedStatement, ExportSummary> {
  for await (const line of textLines(await open(options, why, { ...filter, format: 'ndjson' }, signal))) {
    const record = JSON.parse(line) as ExportedStatement | { summary: ExportSummary };
    if ('summary' in record) return record.summary;
    yield record;
  }
  throw new ProblemError({ code: unexpectedAnswer, status: 200, detail: 'the export broke off before its end' });
}

/** A table of one kind, as bytes, to be written as they come. */
export const exportTable = (options: ClientOptions, why: ExportPurpose, filter: ExportFilter & { kind: string }, signal?: AbortSignal) =>
  open(options, why, { ...filter, format: 'csv' }, signal);
