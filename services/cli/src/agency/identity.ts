import { X509Certificate } from 'node:crypto';
import { type EntityConfiguration, type KeyRecord, readJwk, signEntityConfiguration } from '@entente/seal';
import { nodeSigner } from '@entente/seal/node';
import type { AgencyConfiguration } from './configuration.js';
import type { KeyFile, KeyPurpose } from './keys.js';
import { logIdentity } from './log-identity.js';

export interface IdentityParts {
  configuration: AgencyConfiguration;
  keys: Record<KeyPurpose, KeyFile>;
  nextThumbprint: string;
  certificatePem: string;
  /** Seconds since the epoch. */
  now: number;
}

/** The signed entity configuration of a new agency. It holds as long as what it publishes: until the certificate or the keys run out. */
export function signIdentity(parts: IdentityParts): Promise<string> {
  return signEntityConfiguration(entityConfiguration(parts), nodeSigner(parts.keys.federation));
}

function entityConfiguration({ configuration, keys, nextThumbprint, certificatePem, now }: IdentityParts): EntityConfiguration {
  const certificate = new X509Certificate(certificatePem);
  const certificateEnd = Math.floor(Date.parse(certificate.validTo) / 1000);
  return {
    id: configuration.entity_id,
    iat: now,
    exp: Math.min(certificateEnd, keys.federation.not_after),
    organizationName: configuration.organization.name,
    country: configuration.organization.country,
    agencyType: configuration.organization.agency_type,
    protocolVersions: ['1'],
    keys: Object.values(keys).map((key) => keyRecord(configuration.entity_id, key)),
    certificates: [{ fingerprint: certificate.fingerprint256, pem: certificatePem }],
    log: logIdentity(configuration.entity_id, 1, keys.log.x),
    endpoints: { federation: `${configuration.federation.public_url}/federation/v1` },
    next: nextThumbprint,
  };
}

function keyRecord(iss: string, key: KeyFile): KeyRecord {
  const { d: _, kid, use_for, not_before, not_after, ...members } = key;
  const { alg, jwk } = readJwk(members);
  return { iss, kid, use: use_for as KeyRecord['use'], alg, jwk, not_before, not_after };
}
