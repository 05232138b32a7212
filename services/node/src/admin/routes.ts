/** The administrator's acts: partners and agreements. None of these routes shows content. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import type { AgreementActs, PeerActs } from '../agency/acts.js';
import { agreement, agreementOf, peer, peerOf } from '../agency/federation.js';
import { closed, entityId, notHere } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';

const tags = ['Administration'];
const parameter = Type.Object({ id: entityId('The partner, percent-encoded.') }, closed);
/** docs/protocol.md section 3. */
const AGREEMENT_LIMIT = 64 * 1024;

export function administrationRoutes(
  app: App,
  deps: { store: Pick<Store, 'peers' | 'agreements'>; peers: PeerActs; agreements: AgreementActs },
): void {
  const { store, peers, agreements } = deps;

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
        summary: 'Suspend a partner, or take it up again',
        description: 'With a suspended partner nothing is exchanged; what was exchanged stays and verifies.',
        tags,
        params: parameter,
        body: Type.Object({ state: Type.Enum(['active', 'suspended']) }, closed),
        response: responses({ 200: peer }, { body: true, codes: ['not_found', 'conflict'] }),
      },
    },
    async (request) => {
      const { id } = await pinned(request.params.id);
      await peers.setState({ id, state: request.body.state, by: request.actor });
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

  app.post(
    '/v1/agreements',
    {
      bodyLimit: AGREEMENT_LIMIT,
      config: { permission: 'federation.write' },
      schema: {
        operationId: 'addAgreement',
        summary: 'Take in an agreement',
        description: 'JWS General JSON, signed by its parties with their federation keys. With further signatures it is taken in again.',
        tags,
        body: Type.Object(
          {
            payload: Type.String({ pattern: '^[A-Za-z0-9_-]+$' }),
            signatures: Type.Array(Type.Object({ protected: Type.String(), signature: Type.String() }, closed), {
              minItems: 1,
              maxItems: 200,
            }),
          },
          { ...closed, description: 'The signed agreement.' },
        ),
        response: responses({ 201: agreement }, { body: true, codes: ['agreement_invalid', 'conflict'] }),
      },
    },
    async (request, reply) => {
      const { digest } = await agreements.add({ jws: request.rawBody!.toString('utf8'), by: request.actor });
      const held = (await store.agreements()).find((one) => one.digest === digest);
      if (!held) throw notHere('agreement');
      return reply.status(201).send(agreementOf(held));
    },
  );

  async function pinned(id: string) {
    const known = (await store.peers()).find((one) => one.id === id);
    if (!known) throw notHere('partner');
    return peerOf(known);
  }
}
