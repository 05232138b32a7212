/** Whom this node knows, and under which agreements it exchanges. Everybody of the agency may know that. */
import { standing } from '@entente/policy';
import { codeList } from '@entente/statement';
import type { AgreementRecord, PeerRecord, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { signedOf } from '../peers/directory.js';
import type { Self } from './acts.js';
import { digest, entityId, object, time, when } from './shapes.js';

const codesOf = (list: string): string[] => codeList(list).codes.map(({ code }) => code);

/** What this agency lets the link to a partner carry. */
export const link = {
  ceiling: Type.Enum(codesOf('classification-level'), { description: 'The highest classification that the link may carry.' }),
  transfer_basis: Type.Enum(codesOf('transfer-basis'), {
    description: 'Ground on which personal data are transferred there (list `transfer-basis`); with NONE they never are.',
  }),
};

export const peer = Type.Object(
  {
    id: entityId('The partner.'),
    name: Type.String(),
    country: Type.String({ examples: ['DE'] }),
    agency_type: Type.String({ examples: ['LIC'] }),
    state: Type.Enum(['active', 'suspended', 'removed']),
    thumbprint: Type.String({ description: 'RFC 7638 thumbprint of the federation key that was pinned.' }),
    federation_url: Type.String({ description: 'Where it is reached.' }),
    ...link,
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
  ceiling: p.ceiling,
  transfer_basis: p.transferBasis,
  certificates: p.certificates.map((c) => c.fingerprint),
  configuration_issued_at: when(p.configurationIat),
  pinned_at: when(p.pinnedAt),
});

export const agreement = Type.Object(
  {
    digest: digest('Name of the agreement.'),
    id: Type.String(),
    version: Type.Integer(),
    title: Type.String(),
    signed_by: Type.Array(Type.String(), { description: 'Entity ids of the parties that have signed.' }),
    standing: Type.Array(
      Type.Object({
        party: entityId('Another party.'),
        state: Type.Enum(['drafted', 'proposed', 'agreed', 'in_force', 'suspended', 'denounced', 'replaced', 'expired']),
        by: Type.Optional(entityId('Who stopped it, or has still to sign.')),
        reason: Type.String({ description: 'In words.' }),
      }),
      { description: 'Where it stands between this node and each other party.' },
    ),
    agreement: object('The whole text that was signed: parties, time, grants.'),
    jws: Type.String({ description: 'What was signed, with its signatures (JWS General JSON).' }),
    acts: Type.Array(
      Type.Object({
        party: entityId('Who said it.'),
        act: Type.Enum(['suspended', 'resumed', 'denounced']),
        at: time('When this node first held it.'),
        jwt: Type.String({ description: 'As signed.' }),
      }),
      { description: 'What parties have said of it since, in the order in which it came.' },
    ),
  },
  { description: 'An agreement; between two nodes it is in force when both have signed it, neither has stopped it, and it is in time.' },
);

/** With the standing between this node and each other party. */
export function agreementsSeenBy(self: string, records: AgreementRecord[], now: number): Static<typeof agreement>[] {
  const all = records.map(signedOf);
  return records.map(({ digest, jws, payload, signedBy, acts }, i) => {
    const { id, version, title, parties } = all[i]!.agreement;
    const others = parties.filter((party) => party !== self);
    return {
      digest,
      id,
      version,
      title,
      signed_by: signedBy,
      standing: others.map((party) => ({ party, ...standing(all[i]!, all, [self, party], now) })),
      agreement: payload as Record<string, unknown>,
      jws,
      acts: acts.map(({ party, act, at, jwt }) => ({ party, act, at: when(at), jwt })),
    };
  });
}

const tags = ['Federation'];

export function federationReadRoutes(app: App, deps: { store: Pick<Store, 'peers' | 'agreements'>; self: Self; now: () => number }): void {
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
        description:
          'Who may send what to whom, for which purposes, for how long; and where each stands between this node and each other party.',
        tags,
        response: responses({ 200: Type.Object({ items: Type.Array(agreement) }, { description: 'Agreements.' }) }),
      },
    },
    async () => ({ items: agreementsSeenBy(deps.self.id, await deps.store.agreements(), deps.now()) }),
  );
}
