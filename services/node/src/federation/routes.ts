/** What peers may ask: their feed, and the proofs of what concerns them. Every route answers to `request.peer` alone. docs/protocol.md sections 6, 9. */
import { consistencyProof, formatTlogProof, inclusionProof } from '@entente/ledger';
import type { Store } from '@entente/store';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Self } from '../agency/acts.js';
import type { Delivery } from '../flow/deliver.js';
import { type PollRequest, pollAnswer, pollRequest, type ReplayRequest, replayRequest } from '../flow/poll.js';
import { Problem } from '../problem.js';

const position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const pagesQuery = Type.Object({ epoch: Type.Integer({ minimum: 1 }), from: position }, { additionalProperties: false });
const consistencyQuery = Type.Object({ from: position, to: position }, { additionalProperties: false });
const leavesQuery = Type.Object({ from: Type.Optional(position), size: position }, { additionalProperties: false });
const LEAVES_AT_ONCE = 256;

export function federationRoutes(app: FastifyInstance, deps: { store: Store; delivery: Delivery; self: Self; closing: AbortSignal }): void {
  const { store, delivery, self } = deps;
  // A poll goes on for a moment after its connection is gone; the database must not be closed under it.
  const polls = new Set<Promise<unknown>>();
  app.addHook('onClose', async () => void (await Promise.allSettled(polls)));

  app.get('/federation/v1/configuration', async (_request, reply) =>
    reply.type('application/entity-statement+jwt').send(self.configuration()),
  );

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

  app.get('/federation/v1/log/checkpoint', async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send((await published(store)).note),
  );

  app.get<{ Querystring: Static<typeof consistencyQuery> }>(
    '/federation/v1/log/consistency',
    { schema: { querystring: consistencyQuery } },
    async (request) => {
      const { from, to } = request.query;
      const [{ epoch }, sizes] = [await published(store, to), await publishedSizes(store)];
      if (from > to || !sizes.has(from)) throw new Problem('not_found', 'there is no published checkpoint of this size');
      const proof = await consistencyProof(from, to, (level, index, count) => store.hashes('exchange', epoch, level, index, count));
      return { proof: proof.map((hash) => Buffer.from(hash).toString('base64')) };
    },
  );

  /** Text and tlog-proof of the leaves whose `peer` is the one who asks; of nothing else. */
  app.get<{ Querystring: Static<typeof leavesQuery> }>(
    '/federation/v1/log/leaves',
    { schema: { querystring: leavesQuery } },
    async (request) => {
      const checkpoint = await published(store, request.query.size);
      const read = (level: number, index: number, count: number) => store.hashes('exchange', checkpoint.epoch, level, index, count);
      const leaves = await store.leavesOfPeer(checkpoint.epoch, request.peer, request.query.from ?? 0, LEAVES_AT_ONCE);
      const covered = leaves.filter((leaf) => leaf.position < checkpoint.size);
      const items = await Promise.all(
        covered.map(async ({ position, leaf }) => ({
          position,
          leaf: Buffer.from(leaf).toString('utf8'),
          proof: formatTlogProof({
            index: position,
            proof: await inclusionProof(position, checkpoint.size, read),
            checkpoint: checkpoint.note,
          }),
        })),
      );
      return { items, ...(leaves.length === LEAVES_AT_ONCE ? { next: leaves.at(-1)!.position + 1 } : {}) };
    },
  );
}

const publishedSizes = async (store: Store): Promise<Set<number>> => {
  const latest = await store.latestCheckpoint('exchange');
  return new Set([0, ...(latest ? await store.checkpoints('exchange', latest.epoch) : []).map((checkpoint) => checkpoint.size)]);
};

/** The latest checkpoint, or the one of exactly this size: only sizes on the schedule are ever shown to peers. */
async function published(store: Store, size?: number): Promise<{ epoch: number; size: number; note: string }> {
  const latest = await store.latestCheckpoint('exchange');
  if (!latest) throw new Problem('not_found', 'this node has published no checkpoint yet');
  if (size === undefined || size === latest.size) return latest;
  const earlier = (await store.checkpoints('exchange', latest.epoch)).find((checkpoint) => checkpoint.size === size);
  if (!earlier) throw new Problem('not_found', 'there is no published checkpoint of this size');
  return { epoch: latest.epoch, ...earlier };
}
