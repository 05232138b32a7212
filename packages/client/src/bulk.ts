import type { paths } from './api.js';
import type { ClientOptions } from './client.js';
import { openStream, textLines } from './stream.js';

type Post = paths['/v1/statements']['post'];

/** One line of the request: the body of POST /v1/statements, and the name under which it is done once. */
export type BulkEntry = Post['requestBody']['content']['application/json'] & { idempotency_key: string };

/** What became of one line; `status` and `result` or `problem` as the single post would have answered. */
export interface BulkAnswer {
  line: number;
  idempotency_key?: string;
  status: number;
  replayed?: true;
  result?: Post['responses'][201]['content']['application/json'] | Post['responses'][202]['content']['application/json'];
  problem?: { code: string; detail?: string; findings?: unknown[]; errors?: { pointer: string; message: string }[]; releases?: unknown[] };
}

/**
 * Posts statements as they come and gives an answer for each, in order. Entries are taken no faster than the node takes them. After a
 * break the same entries are handed in again: those that were done are answered as `replayed`.
 */
export async function* postStatements(
  options: ClientOptions,
  entries: AsyncIterable<BulkEntry> | Iterable<BulkEntry>,
  signal?: AbortSignal,
): AsyncGenerator<BulkAnswer> {
  const body = await openStream(options, '/v1/statements/bulk', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: encoded(entries),
    duplex: 'half',
    ...(signal && { signal }),
  } as RequestInit);
  for await (const line of textLines(body)) yield JSON.parse(line) as BulkAnswer;
}

function encoded(entries: AsyncIterable<BulkEntry> | Iterable<BulkEntry>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = Symbol.asyncIterator in entries ? entries[Symbol.asyncIterator]() : entries[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
    },
    cancel: async () => void (await iterator.return?.()),
  });
}
