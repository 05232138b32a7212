/** Many statements in one request: a line for each, and a line of answer for each, in order, while the request is still coming. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { StatementInput } from '@entente/statement';
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { responses, textAnswer } from '../http/describe.js';
import { inOrder } from '../http/in-order.js';
import { decodeUtf8, readJson } from '../http/json-body.js';
import { type Line, linesOf } from '../http/lines.js';
import { type App, strictReading } from '../http/listener.js';
import { Problem, problemOf } from '../problem.js';
import { statedPurposeHeaders } from '../purpose.js';
import type { Actor, AwaitingBody, IssueActs, PostedBody } from './acts.js';
import { requireCeiling } from './ceiling.js';
import { requireExercise } from './exercise.js';
import { addressees, closed, reason, statementInput } from './shapes.js';

/** So many are gathered into one commit of the store. */
const WINDOW = { items: 64, weight: 8 * 1024 * 1024 };
/** A sender that neither writes nor reads for so long is let go. */
const IDLE_MS = 5 * 60_000;

const lineSchema = Type.Object(
  {
    idempotency_key: Type.String({ pattern: '^[\\x21-\\x7e]{8,200}$' }),
    statement: statementInput,
    addressees,
    reason: Type.Optional(reason),
  },
  closed,
);
interface Entry {
  idempotency_key: string;
  statement: StatementInput;
  addressees: string[];
  reason?: string;
}

/** Of one line: what POST /v1/statements would have answered. */
export interface LineAnswer {
  line: number;
  idempotency_key?: string;
  status: number;
  replayed?: true;
  result?: PostedBody | AwaitingBody;
  problem?: unknown;
}

const ndjson = ['application/x-ndjson', 'application/jsonl'];

export function bulkRoutes(
  app: App,
  deps: {
    store: Pick<Store, 'answered'>;
    issue: Pick<IssueActs, 'post'>;
    exerciseOnly: boolean;
    ceiling: string;
    /** Longest line. */
    lineBytes: number;
  },
): void {
  const isEntry = strictReading({ schema: lineSchema, method: 'POST', url: '/v1/statements/bulk', httpPart: 'body' } as never);

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(ndjson, (_request, payload, done) => done(null, payload));
    (scope as App).post(
      '/v1/statements/bulk',
      {
        config: { permission: 'statement.post', streams: true },
        schema: {
          operationId: 'postStatements',
          summary: 'Post many statements',
          description: [
            'NDJSON: each line is `{"idempotency_key", "statement", "addressees", "reason"}`, as for POST /v1/statements. Each line is answered by one line, in order: `{"line", "idempotency_key", "status", "replayed", "result" or "problem"}` with the status and body that the single post would have had.',
            'A line that is refused stops nothing. After a break the whole file is sent again: what was done before is answered as `replayed` and not done twice. Read the answer while you write: this node takes no more lines than it can answer.',
          ].join('\n\n'),
          tags: ['Statements'],
          consumes: ndjson,
          headers: Type.Object(statedPurposeHeaders),
          body: Type.Unsafe<Readable>({ description: 'Lines of JSON in UTF-8, each no longer than the largest body of this listener.' }),
          response: responses({ 200: textAnswer('application/x-ndjson', 'One line per line.') as never }, { body: true }),
        },
      },
      async (request, reply) => {
        const body = request.body as Readable | undefined;
        if (!body) throw new Problem('unsupported_media_type', 'send lines of JSON as application/x-ndjson');
        request.raw.setTimeout(IDLE_MS, () => request.raw.destroy());
        const lines = linesOf(body as AsyncIterable<Buffer>, deps.lineBytes);
        const by = request.actor;
        const answers = inOrder(
          lines,
          WINDOW,
          ({ bytes }) => bytes?.length ?? 0,
          (line) => answer(line, by),
        );
        return reply.header('content-type', 'application/x-ndjson').send(Readable.from(asText(answers), { objectMode: false }) as never);
      },
    );
  });

  async function answer(line: Line, by: Actor): Promise<LineAnswer> {
    const about: { line: number; idempotency_key?: string } = { line: line.number };
    try {
      const entry = read(line);
      about.idempotency_key = entry.idempotency_key;
      const { status, body, replayed } = await post(entry, by);
      return { ...about, status, ...(replayed && { replayed }), result: body };
    } catch (error) {
      const problem = problemOf(error, by.requestId);
      return { ...about, status: problem.status, problem };
    }
  }

  function read({ bytes }: Line): Entry {
    if (bytes === undefined) throw new Problem('too_large', 'this line is longer than this node takes');
    const entry = readJson(decodeUtf8(bytes));
    if (!isEntry(entry)) throw { validation: (isEntry as { errors?: unknown }).errors };
    return entry as Entry;
  }

  /** What was answered under the key is looked up before anything is judged: the rules and the clock may have moved on since. */
  async function post({ idempotency_key: key, statement, addressees, reason }: Entry, by: Actor) {
    const requestHash = createHash('sha256')
      .update(JSON.stringify([statement, addressees, reason ?? null]))
      .digest();
    const before = await deps.store.answered(by.pseudonym, key);
    if (before) {
      if (Buffer.compare(before.requestHash, requestHash) !== 0)
        throw new Problem('idempotency_mismatch', 'this idempotency_key was used before with another statement');
      return { status: before.status, body: before.body as PostedBody, replayed: true as const };
    }
    requireExercise(deps.exerciseOnly, statement.exercise);
    requireCeiling(deps.ceiling, statement.handling);
    return await deps.issue.post({
      input: statement,
      addressees,
      by,
      ...(reason !== undefined && { reason }),
      idempotency: { key, requestHash },
    });
  }
}

async function* asText(answers: AsyncIterable<LineAnswer>): AsyncGenerator<string> {
  for await (const answer of answers) yield `${JSON.stringify(answer)}\n`;
}
