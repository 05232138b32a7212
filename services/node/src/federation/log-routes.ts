/** This node's log as peers see it: checkpoints, that it only grew, and what stands in it about themselves. docs/protocol.md section 9. */
import { consistencyProof } from '@entente/ledger';
import type { CheckpointRecord, Store } from '@entente/store';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { hashesOf, noteOf, tlogProof } from '../log/proof.js';
import { Problem } from '../problem.js';

const position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const consistencyQuery = Type.Object({ from: position, to: position }, { additionalProperties: false });
const leavesQuery = Type.Object({ from: Type.Optional(position), size: position }, { additionalProperties: false });
const LEAVES_AT_ONCE = 256;

export interface LogRoutesDeps {
  store: Pick<Store, 'latestCheckpoint' | 'checkpointAt' | 'hashes' | 'leavesOfPeer'>;
  /** Whether the peer knows of the witness. */
  knows: (peer: string, witness: string) => boolean;
}

export function logRoutes(app: FastifyInstance, { store, knows }: LogRoutesDeps): void {
  const noteFor = (peer: string, checkpoint: CheckpointRecord) => noteOf(checkpoint, (witness) => knows(peer, witness));

  app.get('/federation/v1/log/checkpoint', async (request, reply) =>
    reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(noteFor(request.peer, await published())),
  );

  app.get<{ Querystring: Static<typeof consistencyQuery> }>(
    '/federation/v1/log/consistency',
    { schema: { querystring: consistencyQuery } },
    async (request) => {
      const { from, to } = request.query;
      const { epoch } = await published(to);
      if (from > to) throw new Problem('not_found', 'a log does not shrink');
      if (from > 0) await published(from);
      const proof = await consistencyProof(from, to, hashesOf(store, 'exchange', epoch));
      return { proof: proof.map((hash) => Buffer.from(hash).toString('base64')) };
    },
  );

  /** Text and tlog-proof of the leaves whose `peer` is the one who asks; of nothing else. */
  app.get<{ Querystring: Static<typeof leavesQuery> }>(
    '/federation/v1/log/leaves',
    { schema: { querystring: leavesQuery } },
    async (request) => {
      const checkpoint = await published(request.query.size);
      const note = noteFor(request.peer, checkpoint);
      const leaves = await store.leavesOfPeer(checkpoint.epoch, request.peer, request.query.from ?? 0, LEAVES_AT_ONCE);
      const covered = leaves.filter((leaf) => leaf.position < checkpoint.size);
      const items = covered.map(async ({ position, leaf }) => ({
        position,
        leaf: Buffer.from(leaf).toString('utf8'),
        proof: await tlogProof(store, 'exchange', { checkpoint, note, index: position }),
      }));
      return { items: await Promise.all(items), ...(leaves.length === LEAVES_AT_ONCE ? { next: leaves.at(-1)!.position + 1 } : {}) };
    },
  );

  /** The latest checkpoint, or the one of exactly this size: only sizes on the schedule are ever shown to peers. */
  async function published(size?: number): Promise<CheckpointRecord> {
    const latest = await store.latestCheckpoint('exchange');
    if (!latest) throw new Problem('not_found', 'this node has published no checkpoint yet');
    const wanted = size === undefined || size === latest.size ? latest : await store.checkpointAt('exchange', latest.epoch, size);
    if (!wanted) throw new Problem('not_found', 'there is no published checkpoint of this size');
    return wanted;
  }
}
