/** The administrator's acts upon partners. None of these routes shows content. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import type { PeerActs } from '../agency/acts.js';
import { link, peer, peerOf } from '../agency/federation.js';
import { closed, entityId, notHere } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';

const tags = ['Administration'];
const parameter = Type.Object({ id: entityId('The partner, percent-encoded.') }, closed);

export function administrationRoutes(app: App, { store, peers }: { store: Pick<Store, 'peers'>; peers: PeerActs }): void {
  app.post(
    '/v1/peers',
    {
      config: { permission: 'federation.write' },
      schema: {
        operationId: 'addPeer',
        summary: 'Pin a partner',
        description:
          'From its entity configuration, received by any channel, and the thumbprint of its federation key, received by another. Nothing is trusted on first use.',
        tags,
        body: Type.Object(
          {
            configuration: Type.String({
              minLength: 20,
              maxLength: 262_144,
              description: 'The signed entity configuration (JWT).',
              examples: ['eyJhbGciOiJFUzI1NiIs...'],
            }),
            thumbprint: Type.String({
              pattern: '^[A-Za-z0-9_-]{43}$',
              description: 'RFC 7638 thumbprint of its federation key.',
              examples: ['NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
            }),
          },
          closed,
        ),
        response: responses({ 201: peer }, { body: true, codes: ['peer_invalid', 'thumbprint_mismatch', 'key_not_unique', 'conflict'] }),
      },
    },
    async (request, reply) => {
      const { id } = await peers.add({ ...request.body, by: request.actor });
      return reply.status(201).send(await pinned(id));
    },
  );

  app.patch(
    '/v1/peers/:id',
    {
      config: { permission: 'federation.write' },
      schema: {
        operationId: 'changePeer',
        summary: 'Suspend a partner, take it up again, or change what the link may carry',
        description:
          'With a suspended partner nothing is exchanged; what was exchanged stays and verifies. Ceiling and ground of transfer hold whatever was agreed.',
        tags,
        params: parameter,
        body: Type.Object(
          { state: Type.Optional(Type.Enum(['active', 'suspended'])), ...Type.Partial(Type.Object(link)).properties },
          { ...closed, minProperties: 1 },
        ),
        response: responses({ 200: peer }, { body: true, codes: ['not_found', 'conflict'] }),
      },
    },
    async (request) => {
      const { id } = await pinned(request.params.id);
      const { state, ceiling, transfer_basis } = request.body;
      await peers.change({
        id,
        ...(state && { state }),
        ...(ceiling && { ceiling }),
        ...(transfer_basis && { transferBasis: transfer_basis }),
        by: request.actor,
      });
      return await pinned(id);
    },
  );

  app.delete(
    '/v1/peers/:id',
    {
      config: { permission: 'federation.write' },
      schema: {
        operationId: 'removePeer',
        summary: 'Remove a partner',
        description: 'It is no partner any more; its old keys stay, so that what it signed verifies for ever.',
        tags,
        params: parameter,
        response: responses({ 204: Type.Null({ description: 'Removed.' }) }, { codes: ['not_found'] }),
      },
    },
    async (request, reply) => {
      const { id } = await pinned(request.params.id);
      await peers.remove({ id, by: request.actor });
      return reply.status(204).send(null);
    },
  );

  async function pinned(id: string) {
    const known = (await store.peers()).find((one) => one.id === id);
    if (!known) throw notHere('partner');
    return peerOf(known);
  }
}
