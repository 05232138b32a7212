/** Bearer tokens: who issued them, for whom, until when, and what the caller may therefore do. Every login and every refusal is in the access log. */
import { createHash } from 'node:crypto';
import type { AccessEntry } from '@entente/store';
import fastifyJwt from '@fastify/jwt';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../agency/acts.js';
import { paceOf } from '../http/pace.js';
import { type Code, Problem } from '../problem.js';
import { purposeOf } from '../purpose.js';
import { type Person, personOf } from './claims.js';
import type { TokenAlgorithm, TrustedIssuer } from './keys.js';
import { type Permission, type Role, roleFor } from './roles.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, under the role that permits this route. Set before any route with a permission runs. */
    actor: Actor;
    /** All that the caller holds, and until when his token is good: for routes whose answer goes on. Set with `actor`. */
    standing: { roles: readonly Role[]; until: number };
  }
  interface FastifyContextConfig {
    /** What the route asks of the caller; a route has exactly one of `permission` and `open`. */
    permission?: Permission;
    /** Anybody who reaches the listener may ask: health, and the description of the API. */
    open?: true;
    /** The answer shows content: the caller must name a purpose and a justification. */
    content?: true;
  }
}

interface Token {
  header: { alg?: unknown; kid?: unknown };
  payload: Record<string, unknown>;
}

export interface TokenDeps {
  issuers: readonly TrustedIssuer[];
  clockToleranceSeconds: number;
  /** Of one officer or machine. */
  requestsPerMinute: number;
  /** Appends to the access log. */
  record(entry: AccessEntry): Promise<unknown>;
}

/** No token of ours or of an agency's provider is near this. */
const TOKEN_LIMIT = 16_384;

export async function authentication(app: FastifyInstance, deps: TokenDeps): Promise<void> {
  const issuers = new Map(deps.issuers.map((issuer) => [issuer.issuer, issuer]));
  const logins = firstSeen();
  const pace = paceOf({ perMinute: deps.requestsPerMinute, burst: deps.requestsPerMinute });

  await app.register(fastifyJwt, {
    decode: { complete: true },
    verify: {
      algorithms: [...new Set(deps.issuers.flatMap((issuer) => issuer.algorithms))],
      requiredClaims: ['iss', 'aud', 'exp'],
      clockTolerance: deps.clockToleranceSeconds * 1000,
      // A token that was verified is good for a minute without asking again, at most until it expires.
      cache: REMEMBERED,
      cacheTTL: 60_000,
    },
    secret: async (_request: FastifyRequest, token: unknown) => await keyFor(token as Token),
    trusted: (_request, payload) => isForUs(payload as Record<string, unknown>),
  });

  async function keyFor({ header, payload }: Token): Promise<string> {
    const issuer = typeof payload.iss === 'string' ? issuers.get(payload.iss) : undefined;
    const alg = header.alg as TokenAlgorithm;
    if (!issuer?.algorithms.includes(alg))
      throw new Problem('token_invalid', 'this token is from no issuer that this node knows, or not signed as agreed');
    const kid = typeof header.kid === 'string' ? { kid: header.kid } : {};
    const key = await issuer.key({ alg, ...kid }).catch((cause: unknown) => {
      app.log.error({ issuer: issuer.issuer, reason: (cause as Error).message }, 'keys of a token issuer cannot be read');
      throw new Problem('unavailable', '');
    });
    if (key === undefined) throw new Problem('token_invalid', 'this token is signed with a key that its issuer does not publish');
    return key;
  }

  function isForUs({ iss, aud }: Record<string, unknown>): boolean {
    const audience = issuers.get(iss as string)?.audience;
    return audience !== undefined && (Array.isArray(aud) ? aud : [aud]).includes(audience);
  }

  async function personBehind(request: FastifyRequest): Promise<Person> {
    if ((request.headers.authorization?.length ?? 0) > TOKEN_LIMIT) throw new Problem('token_invalid', 'this token is too long');
    const claims = await request.jwtVerify<Record<string, unknown>>().catch((error: unknown) => {
      throw refusalOf(error);
    });
    const person = personOf(claims, issuers.get(claims.iss as string)!);
    if (typeof person === 'string') throw new Problem('access_denied', person);
    await logins.once(request.headers.authorization!, () =>
      deps.record({
        actor: person.pseudonym,
        role: person.roles.join(' '),
        operation: 'LOGIN',
        object: claims.iss as string,
        request_id: request.id,
      }),
    );
    return person;
  }

  async function admit(request: FastifyRequest): Promise<void> {
    const { permission, open, content } = request.routeOptions.config;
    if (open || permission === undefined) return;
    let person: Person | undefined;
    try {
      person = await personBehind(request);
      const role = roleFor(person.roles, permission);
      if (!role) throw new Problem('role_forbidden', `this needs another role than ${person.roles.join(', ')}`);
      request.actor = {
        pseudonym: person.pseudonym,
        role,
        unit: person.unit,
        requestId: request.id,
        ...purposeOf(request, content === true),
      };
      request.standing = { roles: person.roles, until: (request.user as { exp: number }).exp };
      limit(person);
    } catch (error) {
      // Whoever asks too often would otherwise fill the log with it.
      if (error instanceof Problem && error.statusCode < 500 && error.code !== 'too_many_requests')
        await deps.record(refused(request, person, error.code));
      throw error;
    }
  }

  /** By pseudonym: an officer may come from many addresses, and many from one. */
  function limit({ pseudonym }: Person): void {
    const wait = pace.take(pseudonym);
    if (wait > 0) throw new Problem('too_many_requests', 'this officer or machine asks too often', { retryAfter: Math.ceil(wait / 1000) });
  }

  /** Somebody who may ask in general, and is not shown this: which object, and why, is told to those who supervise. */
  async function recordRefusal(request: FastifyRequest, status: number, payload: unknown): Promise<void> {
    if (request.actor === null || (status !== 403 && status !== 404) || typeof payload !== 'string') return;
    const { pseudonym, role, purpose, justification } = request.actor;
    const { code } = JSON.parse(payload) as { code: Code };
    const entry = refused(request, { pseudonym, roles: [role] }, code);
    const named = Object.values(request.params as Record<string, string>)
      .join(' ')
      .slice(0, 300);
    await deps.record({
      ...entry,
      object: `${entry.object} ${named}`.trim(),
      ...(purpose && { purpose }),
      ...(justification && { justification }),
    });
  }

  app.decorateRequest('actor', null as never);
  app.decorateRequest('standing', null as never);
  app.addHook('onRequest', admit);
  app.addHook('onSend', async (request, reply, payload) => recordRefusal(request, reply.statusCode, payload));
  app.addHook('onRoute', ({ config, method, url }) => {
    if ((config?.permission === undefined) === (config?.open === undefined))
      throw new Error(`${String(method)} ${url} must say who may ask it`);
  });
}

/** What @fastify/jwt complains of, in the closed codes of this node. The reason is not told to the stranger. */
function refusalOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code } = error as { code?: string };
  if (code === 'FST_JWT_NO_AUTHORIZATION_IN_HEADER') return new Problem('token_missing', 'send a bearer token in the header authorization');
  if (code === 'FST_JWT_AUTHORIZATION_TOKEN_EXPIRED') return new Problem('token_expired', 'this token has expired; log in again');
  return new Problem('token_invalid', 'this token is not valid here');
}

const refused = (
  request: FastifyRequest,
  person: { pseudonym: string; roles: readonly string[] } | undefined,
  code: Code,
): AccessEntry => ({
  actor: person?.pseudonym ?? 'unknown',
  role: person?.roles.join(' ') ?? 'none',
  operation: 'REFUSED',
  object: `${request.method} ${request.routeOptions.url ?? 'unknown'}`,
  code,
  request_id: request.id,
});

const REMEMBERED = 10_000;

/** Runs `act` at the first sight of a token in this process; everybody who comes with it meanwhile waits for the same. */
function firstSeen() {
  const seen = new Map<string, Promise<unknown>>();
  return {
    async once(token: string, act: () => Promise<unknown>): Promise<void> {
      const name = createHash('sha256').update(token).digest('base64url');
      const known = seen.get(name);
      if (known) return void (await known);
      const oldest = seen.keys().next();
      if (seen.size >= REMEMBERED && !oldest.done) seen.delete(oldest.value);
      const done = act();
      seen.set(name, done);
      await done.catch((error: unknown) => {
        seen.delete(name);
        throw error;
      });
    },
  };
}
