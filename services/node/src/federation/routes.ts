/** What peers may ask of their feed. Every route answers to `request.peer` alone. docs/protocol.md section 6. */
import type { Store } from '@entente/store';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Delivery } from '../flow/deliver.js';
import { type PollRequest, pollAnswer, pollRequest, type ReplayRequest, replayRequest } from '../flow/poll.js';

const position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const pagesQuery = Type.Object({ epoch: Type.Integer({ minimum: 1 }), from: position }, { additionalProperties: false });

export function federationRoutes(app: FastifyInstance, deps: { store: Store; delivery: Delivery; closing: AbortSignal }): void {
  const { store, delivery } = deps;
  // A poll goes on for a moment after its connection is gone; the database must not be closed under it.
  const polls = new Set<Promise<unknown>>();
  app.addHook('onClose', async () => void (await Promise.allSettled(polls)));

  app.post<{ Body: PollRequest }>(
    '/federation/v1/feed/poll',
    { schema: { body: pollRequest, response: { 200: pollAnswer } } },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const poll = delivery.poll(request.peer, request.body, AbortSignal.any([gone.signal, deps.closing]));
      polls.add(poll);
      return await poll.finally(() => polls.delete(poll));
    },
  );

  app.post<{ Body: ReplayRequest }>('/federation/v1/feed/replay', { schema: { body: replayRequest } }, async (request) =>
    delivery.replay(request.peer, request.body),
  );

  app.get<{ Querystring: Static<typeof pagesQuery> }>(
    '/federation/v1/feed/pages',
    { schema: { querystring: pagesQuery } },
    async (request) => {
      await delivery.cutPages(request.peer);
      return { pages: await delivery.pages(request.peer, request.query.epoch, request.query.from) };
    },
  );

  app.get<{ Querystring: Static<typeof pagesQuery> }>(
    '/federation/v1/feed/voids',
    { schema: { querystring: pagesQuery } },
    async (request) => {
      const voids = await store.voidsFrom(request.peer, request.query.epoch, request.query.from);
      return { voids: voids.map((v) => v.jwt) };
    },
  );
}
