/** Whom this node knows, and under which agreements it exchanges. Everybody of the agency may know that. */
import type { PeerRecord, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { digest, entityId, object, time, when } from './shapes.js';

export const peer = Type.Object(
  {
    id: entityId('The partner.'),
    name: Type.String(),
    country: Type.String({ examples: ['DE'] }),
    agency_type: Type.String({ examples: ['LIC'] }),
    state: Type.Enum(['active', 'suspended', 'removed']),
    thumbprint: Type.String({ description: 'RFC 7638 thumbprint of the federation key that was pinned.' }),
    federation_url: Type.String({ description: 'Where it is reached.' }),
    certificates: Type.Array(Type.String(), { description: 'SHA-256 fingerprints of its TLS certificates.' }),
    configuration_issued_at: time('When it signed the entity configuration that is held.'),
    pinned_at: time('When it was added here.'),
  },
  { description: 'A partner agency as this node has pinned it.' },
);

export const peerOf = (p: PeerRecord): Static<typeof peer> => ({
  id: p.id,
  name: p.name,
  country: p.country,
  agency_type: p.agencyType,
  state: p.state,
  thumbprint: p.thumbprint,
  federation_url: p.federationUrl,
  certificates: p.certificates.map((c) => c.fingerprint),
  configuration_issued_at: when(p.configurationIat),
  pinned_at: when(p.pinnedAt),
});

export const agreement = Type.Object(
  {
    digest: digest('Name of the agreement.'),
    id: Type.String(),
    version: Type.Integer(),
    signed_by: Type.Array(Type.String(), { description: 'Entity ids of the parties that have signed.' }),
    agreement: object('The whole text that was signed: parties, time, grants.'),
    jws: Type.String({ description: 'What was signed, with its signatures (JWS General JSON).' }),
  },
  { description: 'An agreement; between two nodes it is in force when both have signed and it is in time.' },
);

export const agreementOf = (a: Awaited<ReturnType<Store['agreements']>>[number]): Static<typeof agreement> => {
  const payload = a.payload as { id: string; version: number };
  return {
    digest: a.digest,
    id: payload.id,
    version: payload.version,
    signed_by: a.signedBy,
    agreement: payload as unknown as Record<string, unknown>,
    jws: a.jws,
  };
};

const tags = ['Federation'];

export function federationReadRoutes(app: App, deps: { store: Pick<Store, 'peers' | 'agreements'> }): void {
  app.get(
    '/v1/peers',
    {
      config: { permission: 'federation.read' },
      schema: {
        operationId: 'listPeers',
        summary: 'Partner agencies',
        description: 'As pinned by the administrator.',
        tags,
        response: responses({ 200: Type.Object({ items: Type.Array(peer) }, { description: 'Partners.' }) }),
      },
    },
    async () => ({ items: (await deps.store.peers()).map(peerOf) }),
  );

  app.get(
    '/v1/agreements',
    {
      config: { permission: 'federation.read' },
      schema: {
        operationId: 'listAgreements',
        summary: 'Agreements',
        description: 'Who may send what to whom, for which purposes, for how long.',
        tags,
        response: responses({ 200: Type.Object({ items: Type.Array(agreement) }, { description: 'Agreements.' }) }),
      },
    },
    async () => ({ items: (await deps.store.agreements()).map(agreementOf) }),
  );
}
