/** Takes statements out of the node, with all that this person may read of them for this purpose: one after the other, however many. */
import { Readable } from 'node:stream';
import { kinds } from '@entente/statement';
import type { StatementRecord, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { purposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { Actor } from './acts.js';
import { type ContentDeps, contentOf } from './content.js';
import { csvRow } from './csv.js';
import { columnsOf, type Exported } from './export-columns.js';
import { closed, entityId, headerOf, kindName, time } from './shapes.js';

const PAGE = 32;
const CLOCK_SLACK_SECONDS = 3600;

const exportBody = Type.Object(
  {
    format: Type.Enum(['ndjson', 'csv'], { description: 'A table has the columns of one kind: name it.', examples: ['ndjson'] }),
    own: Type.Optional(Type.Boolean({ description: 'True: own ones; false: received ones.' })),
    kind: Type.Optional(kindName),
    originator: Type.Optional(entityId('Who signed it.')),
    exercise: Type.Optional(Type.Boolean({ description: 'True: exercises only; false: none of them.' })),
    stored_from: Type.Optional(time('Stored here at this time or later.')),
    stored_until: Type.Optional(time('Stored here before this time.')),
  },
  { ...closed, description: 'Which statements, and how they are written.' },
);
type Request = Static<typeof exportBody>;

interface Count {
  exported: number;
  left_out: number;
}

interface Format {
  mediaType: string;
  begin(request: Request): string;
  record(record: Exported, request: Request): string;
  end(count: Count): string;
}

const formats: Record<Request['format'], Format> = {
  ndjson: {
    mediaType: 'application/x-ndjson',
    begin: () => '',
    record: (record) => `${JSON.stringify(record)}\n`,
    end: (count) => `${JSON.stringify({ summary: count })}\n`,
  },
  csv: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    begin: (request) => csvRow(columnsFor(request).map(({ title }) => title)),
    record: (record, request) => csvRow(columnsFor(request).map(({ cell }) => cell(record))),
    end: () => '',
  },
};

const columnsByKind = new Map([...new Set(kinds.values())].map((kind) => [kind.name, columnsOf(kind)]));
function columnsFor({ kind }: Request) {
  const columns = kind === undefined ? undefined : columnsByKind.get(kind);
  if (!columns) throw new Problem('invalid_request', 'a table has the columns of one kind: name one that this node knows in `kind`');
  return columns;
}

export function exportRoutes(app: App, deps: ContentDeps & { store: Pick<Store, 'statements' | 'commit'> }): void {
  const { store } = deps;

  app.post(
    '/v1/exports',
    {
      config: { permission: 'statement.export', content: true },
      schema: {
        operationId: 'exportStatements',
        summary: 'Export statements with their content',
        description: [
          'Everything that the caller may read for the purpose named in the headers, the latest first, as it is at that moment verified anew. What was not given for this purpose, has run out or is recalled, is left out and counted.',
          'NDJSON: one statement per line, in the form of GET /v1/statements/{digest}/content, and a last line `{"summary": {"exported", "left_out"}}`; without it the answer is not whole. CSV (RFC 4180): one kind, the numbers in the trailers `entente-exported` and `entente-left-out`; a text that a spreadsheet would calculate has an apostrophe before it. Which statements went out is in the access log before they do.',
        ].join('\n\n'),
        tags: ['Statements'],
        headers: Type.Object(purposeHeaders),
        body: exportBody,
        response: responses(
          {
            200: {
              description: 'The statements.',
              content: {
                'application/x-ndjson': { schema: Type.String() },
                'text/csv': { schema: Type.String() },
              },
            } as never,
          },
          { body: true, content: true },
        ),
      },
    },
    async (request, reply) => {
      const wanted = request.body;
      const format = formats[wanted.format];
      const begin = format.begin(wanted);
      const count: Count = { exported: 0, left_out: 0 };
      await store.commit({ access: [accessEntry(request.actor, 'EXPORT', { object: JSON.stringify(wanted), code: 'begins' })] });
      if (wanted.format === 'csv') {
        reply.trailer('entente-exported', async () => String(count.exported));
        reply.trailer('entente-left-out', async () => String(count.left_out));
      }
      const lines = exported(wanted, format, count, request.actor, begin);
      return reply.header('content-type', format.mediaType).send(Readable.from(lines, { objectMode: false }) as never);
    },
  );

  /** The last entry says how much went out, also when the caller has gone before the end. */
  async function* exported(wanted: Request, format: Format, count: Count, by: Actor, begin: string): AsyncGenerator<string> {
    let whole = false;
    try {
      if (begin) yield begin;
      for await (const page of pages(wanted)) {
        const readable = (await Promise.all(page.map((record) => readOne(record, by)))).filter((record) => record !== undefined);
        count.left_out += page.length - readable.length;
        if (readable.length === 0) continue;
        const object = readable.map(({ header }) => header.digest).join(' ');
        await store.commit({ access: [accessEntry(by, 'EXPORT', { object, code: `${readable.length}` })] });
        for (const record of readable) {
          yield format.record(record, wanted);
          count.exported += 1;
        }
      }
      whole = true;
      const end = format.end(count);
      if (end) yield end;
    } finally {
      const code = `${whole ? 'ends' : 'broken_off'}: ${count.exported} exported, ${count.left_out} left out`;
      await store.commit({ access: [accessEntry(by, 'EXPORT', { object: JSON.stringify(wanted), code })] });
    }
  }

  async function* pages({ own, kind, originator, exercise, stored_from, stored_until }: Request): AsyncGenerator<StatementRecord[]> {
    const filter = {
      limit: PAGE,
      ...(own !== undefined && { own }),
      ...(kind !== undefined && { kind }),
      ...(originator !== undefined && { iss: originator }),
      ...(exercise !== undefined && { exercise }),
    };
    const from = stored_from === undefined ? 0 : secondsOf(stored_from);
    const until = stored_until === undefined ? Number.POSITIVE_INFINITY : secondsOf(stored_until);
    let after: string | undefined;
    do {
      const page = await store.statements({ ...filter, ...(after !== undefined && { after }) });
      yield page.items.filter(({ storedAt }) => storedAt >= from && storedAt < until);
      // They come in the order in which they were stored, by a clock that may have been put back a little.
      const isOver = page.items.some(({ storedAt }) => storedAt < from - CLOCK_SLACK_SECONDS);
      after = isOver ? undefined : page.next;
    } while (after !== undefined);
  }

  /** Undefined where it was not given for this purpose, or nothing may be used any more. */
  async function readOne(record: StatementRecord, by: Actor): Promise<Exported | undefined> {
    try {
      return { header: headerOf(record, deps.now()), ...(await contentOf(deps, record, by)) };
    } catch (error) {
      if (error instanceof Problem && ['not_found', 'purpose_not_allowed', 'reader_not_named', 'recalled'].includes(error.code))
        return undefined;
      throw error;
    }
  }
}

const secondsOf = (text: string): number => Math.ceil(Date.parse(text) / 1000);
