import type { Alg, JWK, Use } from '@entente/seal';
import { boolean, json, pgTable, text } from 'drizzle-orm/pg-core';
import { digest, whole } from './columns.js';

export const peer = pgTable('peer', {
  id: text().notNull(),
  state: text({ enum: ['active', 'suspended', 'removed'] }).notNull(),
  thumbprint: text().notNull(),
  name: text().notNull(),
  country: text().notNull(),
  agencyType: text('agency_type').notNull(),
  configuration: digest().notNull(),
  configurationIat: whole('configuration_iat').notNull(),
  federationUrl: text('federation_url').notNull(),
  ceiling: text().notNull(),
  transferBasis: text('transfer_basis').notNull(),
  pinnedAt: whole('pinned_at').notNull(),
});

export const peerConfiguration = pgTable('peer_configuration', {
  peer: text().notNull(),
  digest: digest().notNull(),
  iat: whole().notNull(),
  jwt: text().notNull(),
  at: whole().notNull(),
});

const keyColumns = () => ({
  kid: text().notNull(),
  use: text().$type<Use>().notNull(),
  alg: text().$type<Alg>().notNull(),
  jwk: json().$type<JWK>().notNull(),
  notBefore: whole('not_before').notNull(),
  notAfter: whole('not_after').notNull(),
  revokedAt: whole('revoked_at'),
  compromisedFrom: whole('compromised_from'),
});

export const peerKey = pgTable('peer_key', { peer: text().notNull(), ...keyColumns() });
export const ownKey = pgTable('own_key', keyColumns());

export const peerCertificate = pgTable('peer_certificate', {
  fingerprint: text().notNull(),
  peer: text().notNull(),
  pem: text().notNull(),
  current: boolean().notNull(),
});
