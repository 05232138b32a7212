import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import type { paths } from './api.js';
import { readProblem, UnreachableError } from './problem.js';

export interface ClientOptions {
  /** Address of the agency listener, without path: `http://127.0.0.1:8080`. */
  baseUrl: string;
  /** Bearer token, or what gives one for each request when tokens run out sooner than the client. */
  token?: string | (() => string | Promise<string>);
  /** Stands in for the global fetch: another dispatcher, a recording one in tests. */
  fetch?: (request: Request) => Promise<Response>;
}

export type NodeClient = Client<paths>;

/**
 * Client of a node's agency, administration and audit API, typed by openapi.yaml.
 *
 * A call resolves to `{ data, response }` and throws for everything else: `ProblemError` when the node refused, `UnreachableError` when
 * nothing answered. So `data` needs no second look at a status. Redirects are refused: a token goes to the address that was configured
 * and to no other.
 */
export function createClient(options: ClientOptions): NodeClient {
  const client = createFetchClient<paths>({
    baseUrl: options.baseUrl,
    redirect: 'error',
    ...(options.fetch && { fetch: options.fetch }),
  });
  client.use(throwing(options.baseUrl));
  if (options.token !== undefined) client.use(authorizing(options.token));
  return client;
}

function authorizing(token: string | (() => string | Promise<string>)): Middleware {
  return {
    async onRequest({ request }) {
      request.headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
      return request;
    },
  };
}

function throwing(baseUrl: string): Middleware {
  return {
    async onResponse({ response, options }) {
      if (!response.ok || (options.parseAs === 'json' && !carriesJson(response))) throw await readProblem(response);
    },
    onError({ error }) {
      return new UnreachableError(baseUrl, error);
    },
  };
}

/** A login page or a proxy's greeting comes with status 200 as well. */
function carriesJson(response: Response): boolean {
  return response.body === null || /^application\/(?:[a-z.-]+\+)?json\b/.test(response.headers.get('content-type') ?? '');
}
