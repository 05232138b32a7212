/** Holds every answer of a node's API that a test gets, through the typed client or past it, against openapi.yaml. */
import { appendFileSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

interface Answer {
  content?: Record<string, unknown>;
}
interface Operation {
  operationId: string;
  pattern: RegExp;
  pointer: string[];
  responses: Record<string, Answer>;
}

const file = new URL('../../../../openapi.yaml', import.meta.url);
const document = parse(readFileSync(file, 'utf8')) as {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, Answer> }>>;
};
const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema(document, 'api');

/** By method; paths without parameters come before those that would match them, too. */
const operations = new Map<string, Operation[]>();
for (const [path, methods] of Object.entries(document.paths).sort(([a], [b]) => a.split('{').length - b.split('{').length)) {
  for (const [method, { operationId, responses }] of Object.entries(methods)) {
    const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
    const pointer = ['paths', path, method, 'responses'];
    const known = operations.get(method.toUpperCase()) ?? [];
    operations.set(method.toUpperCase(), [...known, { operationId, pattern, pointer, responses }]);
  }
}

/** Throws where the document does not describe this answer. What is no operation of the API is none of its business. */
export async function judge(method: string, url: string, response: Response): Promise<void> {
  const { pathname } = new URL(url);
  const operation = operations.get(method)?.find(({ pattern }) => pattern.test(pathname));
  if (operation === undefined) return;
  const { status } = response;
  const words = `${operation.operationId} ${status}`;
  const described = operation.responses[status];
  if (described === undefined) throw new Error(`${words} is not described in openapi.yaml: ${await response.clone().text()}`);
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const types = Object.keys(described.content ?? {});
  if (types.length === 0 && response.body === null) return;
  if (!types.includes(type)) throw new Error(`${words} came as ${type || 'nothing'} and is described as ${types.join(', ') || 'nothing'}`);
  if (!/^application\/(?:[a-z.-]+\+)?json$/.test(type)) return;
  const pointer = [...operation.pointer, String(status), 'content', type, 'schema'];
  const reference = pointer.map((name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const body: unknown = await response.clone().json();
  if (!ajv.validate({ $ref: `api#/${reference}` }, body))
    throw new Error(`${words} is not as openapi.yaml describes it: ${ajv.errorsText()} in ${JSON.stringify(body).slice(0, 2000)}`);
}

const plainFetch = globalThis.fetch;

/** Where exchanges are written down that may serve as examples, one JSON object per line: scripts/api-examples.mjs reads them. */
const exchanges = process.env.EXCHANGES_FILE;

async function writeDown(request: Request, response: Response): Promise<void> {
  const { pathname } = new URL(request.url);
  const operation = operations.get(request.method)?.find(({ pattern }) => pattern.test(pathname))?.operationId;
  const isJson = (headers: Headers) => /^application\/json\b/.test(headers.get('content-type') ?? '');
  if (exchanges === undefined || operation === undefined || !response.ok) return;
  const asked = isJson(request.headers) ? await request.json() : undefined;
  const answer = isJson(response.headers) ? await response.clone().json() : undefined;
  appendFileSync(exchanges, `${JSON.stringify({ operation, status: response.status, request: asked, answer })}\n`);
}

/** From now on, for this process: every answer is judged before the test sees it. */
export function judgeEveryAnswer(): void {
  globalThis.fetch = async (input, init) => {
    const [method, url] = input instanceof Request ? [input.method, input.url] : [init?.method ?? 'GET', String(input)];
    const copy = exchanges !== undefined && input instanceof Request ? input.clone() : undefined;
    const response = await plainFetch(input, init);
    await judge(method, url, response);
    if (copy) await writeDown(copy, response);
    return response;
  };
}
