/** A listener for the agency's own side, before any route: limits, strict reading, plain writing, one form of refusal. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import underPressure from '@fastify/under-pressure';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifySchema,
  type FastifySchemaCompiler,
  type FastifyServerOptions,
  LogController,
  type RawServerDefault,
} from 'fastify';
import type { Config } from '../config/schema.js';
import { Problem, sendProblem } from '../problem.js';
import { problemSchema } from './describe.js';
import { parseBody } from './json-body.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is read while it comes, for as long as it comes. */
    streams?: true;
  }
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>;

/** The header that carries one request's name through the logs of every program that it passes. */
export const requestIdHeader = 'entente-request-id';

/** Longer than any entity id, percent-encoded. */
const PARAMETER_LIMIT = 1024;
const REQUEST_TIMEOUT_MS = 60_000;
/** Handshakes and headers that drip in, and connections on which nothing is said. Milliseconds. */
export const inTimeLimits = { handshakeTimeout: 10_000, headersTimeout: 15_000, connectionsCheckingInterval: 5_000 };
/** What is under way when the node goes down has so long to end; a caller who does not read what he asked for is then cut off. */
const LAST_ANSWERS_MS = 5_000;

export async function agencyServer(options: {
  logger: FastifyBaseLogger | false;
  agency: Config['agency'];
  limits: Config['limits'];
}): Promise<App> {
  const { logger, agency, limits } = options;
  const settings: FastifyServerOptions & { https?: object } = {
    ...(logger ? { loggerInstance: logger } : { logger: false }),
    ...(agency.tls
      ? {
          https: {
            key: readFileSync(agency.tls.key_file),
            cert: readFileSync(agency.tls.certificate_file),
            minVersion: 'TLSv1.3',
            ...inTimeLimits,
          },
        }
      : { http: inTimeLimits }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.body_bytes,
    requestTimeout: 0, // of the server: it would also end bodies that are read as streams; see limitUpload
    genReqId,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: PARAMETER_LIMIT },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply as never),
    exposeHeadRoutes: false,
  };
  const app = Fastify(settings) as unknown as App;
  app.addSchema(problemSchema);
  app.setValidatorCompiler(strictReading);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(sendProblem);
  app.addHook('onRequest', async (request) => limitUpload(request));
  parseBody(app as unknown as FastifyInstance);
  app.addHook('onSend', async (request, reply) => {
    reply.header(requestIdHeader, request.id);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    // The route and never the address: a query may name what somebody looks for.
    const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    request.log.info({ route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
  app.addHook('preClose', async () => void setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MS).unref());
  await app.register(helmet, { contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } });
  await app.register(rateLimit, {
    max: limits.requests_per_minute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem('too_many_requests', 'this address asks too often', { retryAfter: Math.max(1, Math.ceil(ttl / 1000)) }),
  });
  await limitPressure(app);
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request) => {
    throw new Problem('not_found', `there is nothing at ${request.method} ${request.url.split('?')[0]?.slice(0, 200)}`);
  });
  return app;
}

/** Beyond it a node answers that it is busy, instead of falling further behind. */
const LONGEST_LOOP_MS = 2_000;
const AGAIN_AFTER_SECONDS = 5;
/** The first measurements are those of the start, in which every schema is compiled. */
const SETTLED_AFTER_MS = 3_000;

async function limitPressure(app: App): Promise<void> {
  let settledAt = Number.POSITIVE_INFINITY;
  app.addHook('onReady', async () => {
    settledAt = performance.now() + SETTLED_AFTER_MS;
  });
  await app.register(underPressure, {
    maxEventLoopDelay: LONGEST_LOOP_MS,
    exposeStatusRoute: false,
    pressureHandler: async (_request, _reply, _type, delay) => {
      // Infinite: nothing was measured since the last look, which says nothing.
      if (!Number.isFinite(delay) || performance.now() < settledAt) return;
      throw new Problem('unavailable', '', { retryAfter: AGAIN_AFTER_SECONDS });
    },
  });
}

/** A body that drips in holds a connection and no more than so long, unless the route reads it as a stream. */
function limitUpload({ raw, routeOptions }: FastifyRequest): void {
  if (routeOptions.config.streams || raw.readableEnded) return;
  const timer = setTimeout(() => raw.destroy(), REQUEST_TIMEOUT_MS);
  timer.unref();
  const over = () => clearTimeout(timer);
  raw.once('end', over).once('close', over);
}

/** A caller may bring a name, so that one request can be followed through several nodes; anything unfit for a log is replaced. */
export function genReqId(request: IncomingMessage): string {
  const brought = request.headers[requestIdHeader];
  return typeof brought === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(brought) ? brought : randomUUID();
}

/** Bodies are judged as they came: nothing is converted, filled in or removed. What stands in an address is text by nature: read as the number or the one-item list that it spells. */
const strict = addFormats.default(
  new Ajv({ allErrors: false, strict: true, strictTypes: false, coerceTypes: false, useDefaults: false, removeAdditional: false }),
);
const spelled = addFormats.default(
  new Ajv({ allErrors: false, strict: true, strictTypes: false, coerceTypes: 'array', useDefaults: false, removeAdditional: false }),
);
const compilerFor = (httpPart: string | undefined): Ajv => (httpPart === 'querystring' || httpPart === 'params' ? spelled : strict);

export const strictReading: FastifySchemaCompiler<FastifySchema> = ({ schema, httpPart }) =>
  compilerFor(httpPart).compile(schema as FastifySchema);
