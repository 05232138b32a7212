/** Requests whose answers are read while they come: what the generated client, which waits for whole bodies, cannot do. */
import type { ClientOptions } from './client.js';
import { ProblemError, readProblem, UnreachableError, unexpectedAnswer } from './problem.js';

/** Throws `ProblemError` when the node refused, `UnreachableError` when nothing answered. Redirects are refused. */
export async function openStream(options: ClientOptions, path: string, init: RequestInit = {}): Promise<ReadableStream<Uint8Array>> {
  const headers = new Headers(init.headers);
  if (options.token !== undefined)
    headers.set('authorization', `Bearer ${typeof options.token === 'string' ? options.token : await options.token()}`);
  const url = `${options.baseUrl.replace(/\/$/, '')}${path}`;
  const request = new Request(url, { ...init, headers, redirect: 'error' });
  const response = await (options.fetch ?? fetch)(request).catch((error: unknown) => {
    throw new UnreachableError(options.baseUrl, error);
  });
  if (!response.ok) throw await readProblem(response);
  if (response.body === null) throw new ProblemError({ code: unexpectedAnswer, status: response.status });
  return response.body as ReadableStream<Uint8Array>;
}

/** Lines of text, without their ends. */
export async function* textLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}
