import { fromBase64, sha256, toHex } from '#bytes';
import { SealError } from '../errors.js';
import type { Alg } from './algorithms.js';
import { isCode, isCount, isDigestClaim, isEntityId, isList, isRecord, isText, isTexts, readClaims } from './claims.js';
import { signCompact, splitCompact } from './compact.js';
import { type Digest, type JWK, type KeyRecord, readJwk, type Signer, thumbprint, type Use, uses } from './keys.js';
import type { Json, JsonObject } from './strict-json.js';

export const entityConfigurationTyp = 'entity-statement+jwt';

/** A certificate that a node's TLS connections may show. */
export interface Certificate {
  /** SHA-256 of the DER in hex with colons, upper case, as TLS libraries show it */
  fingerprint: string;
  pem: string;
}

/**
 * What a node says about itself (OpenID Federation 1.1, entity configuration; docs/protocol.md 2).
 * Times are seconds since the epoch.
 */
export interface EntityConfiguration {
  /** the entity id */
  id: string;
  iat: number;
  exp: number;
  organizationName: string;
  /** ISO 3166-1 alpha-2 */
  country: string;
  agencyType: string;
  protocolVersions: string[];
  /** all keys, past ones too; those with the use `federation` sign configurations and agreements */
  keys: KeyRecord[];
  certificates: Certificate[];
  /** C2SP origin and verifier key of the exchange log */
  log: { origin: string; vkey: string };
  /** base URLs by name; `federation` is always there */
  endpoints: Record<string, string>;
  /** thumbprint of the next federation key, which is kept offline */
  next?: Digest;
  /** a JWS of the previous federation key that hands over to the one which signed this configuration */
  handover?: string;
}

/** Signs the configuration with one of its federation keys. Certificates are published as base64 of the DER, as in x5c. */
export async function signEntityConfiguration(configuration: EntityConfiguration, signer: Signer): Promise<string> {
  const { id, iat, exp, keys, log, endpoints, next, handover } = configuration;
  if (!keys.some(({ kid, use }) => kid === signer.kid && use === 'federation')) throw new SealError('unknown_key', signer.kid);
  const payload = {
    iss: id,
    sub: id,
    iat,
    exp,
    jwks: { keys: keys.filter(({ use }) => use === 'federation').map(publishedKey) },
    metadata: {
      entente_node: {
        organization_name: configuration.organizationName,
        country: configuration.country,
        agency_type: configuration.agencyType,
        protocol_versions: configuration.protocolVersions,
        jwks: { keys: keys.filter(({ use }) => use !== 'federation').map(publishedKey) },
        tls: configuration.certificates.map(({ pem }) => derOf(pem)),
        log: { origin: log.origin, vkey: log.vkey },
        endpoints,
        ...(next === undefined ? {} : { next }),
        ...(handover === undefined ? {} : { handover }),
      },
    },
  };
  readEntityConfiguration(payload);
  return signCompact(entityConfigurationTyp, payload, signer);
}

/** Reads a configuration that nothing vouches for yet: to show it to an administrator, or before it is pinned. */
export function inspectEntityConfiguration(jwt: string): { configuration: EntityConfiguration; kid: string } {
  const { header, payload } = splitCompact(jwt);
  if (header.typ !== entityConfigurationTyp) throw new SealError('wrong_typ');
  return { configuration: readEntityConfiguration(payload()), kid: header.kid };
}

/** Members that we do not know are left alone: other profiles and later versions add theirs. */
export function readEntityConfiguration(payload: JsonObject): EntityConfiguration {
  const { iss, sub, iat, exp, jwks, metadata } = readClaims(pick(payload, ['iss', 'sub', 'iat', 'exp', 'jwks', 'metadata']), {
    iss: isEntityId,
    sub: isEntityId,
    iat: isCount,
    exp: isCount,
    jwks: isRecord,
    metadata: isRecord,
  });
  if (iss !== sub) throw new SealError('bad_claims', 'sub');
  const node = readClaims(pick(metadata.entente_node, Object.keys({ ...nodeMembers, next: 0, handover: 0 })), nodeMembers, {
    next: isDigestClaim,
    handover: isText,
  });
  const log = readClaims(node.log, { origin: isText, vkey: isText });
  const endpoints = readClaims(pick(node.endpoints, ['federation']), { federation: isHttpsUrl });
  const keys = [...readKeys(iss, jwks, true), ...readKeys(iss, node.jwks, false)];
  return {
    id: iss,
    iat,
    exp,
    organizationName: node.organization_name,
    country: node.country,
    agencyType: node.agency_type,
    protocolVersions: node.protocol_versions,
    keys,
    certificates: node.tls.map(readCertificate),
    log,
    endpoints: { ...stringsOf(node.endpoints), ...endpoints },
    ...(node.next === undefined ? {} : { next: node.next }),
    ...(node.handover === undefined ? {} : { handover: node.handover }),
  };
}

const isHttpsUrl = (value: Json | undefined): value is string => typeof value === 'string' && /^https:\/\/[^\s?#]+$/.test(value);

const nodeMembers = {
  organization_name: isText,
  country: isCode,
  agency_type: isCode,
  protocol_versions: isTexts,
  jwks: isRecord,
  tls: isList,
  log: isRecord,
  endpoints: isRecord,
};

function pick(object: Json | undefined, names: string[]): JsonObject {
  if (!isRecord(object)) throw new SealError('bad_claims', 'metadata');
  return Object.fromEntries(names.filter((name) => Object.hasOwn(object, name)).map((name) => [name, object[name]!]));
}

const stringsOf = (object: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

const publishedKey = ({ jwk, kid, alg, use, not_before, not_after, revoked_at, compromised_from }: KeyRecord): JsonObject => ({
  ...jwk,
  kid,
  alg,
  use_for: use,
  not_before,
  not_after,
  ...(revoked_at === undefined ? {} : { revoked_at }),
  ...(compromised_from === undefined ? {} : { compromised_from }),
});

function readKeys(iss: string, jwks: JsonObject, federation: boolean): KeyRecord[] {
  const { keys } = readClaims(jwks, { keys: isList });
  return keys.map((entry) => {
    if (!isRecord(entry)) throw new SealError('bad_key');
    const { jwk, alg } = readJwk(entry);
    const names = ['kid', 'alg', 'use_for', 'not_before', 'not_after', 'revoked_at', 'compromised_from'];
    const {
      kid,
      use_for,
      alg: named,
      ...history
    } = readClaims(
      pick(entry, names),
      { kid: isDigestClaim, alg: isText, use_for: isUse, not_before: isCount, not_after: isCount },
      { revoked_at: isCount, compromised_from: isCount },
    );
    if (kid !== thumbprint(jwk) || named !== alg || (use_for === 'federation') !== federation) throw new SealError('bad_key', kid);
    return { iss, kid, use: use_for, alg: named as Alg, jwk: jwk as JWK, ...history };
  });
}

const isUse = (value: Json | undefined): value is Use => (uses as readonly (Json | undefined)[]).includes(value);

const derOf = (pem: string): string =>
  pem
    .split('\n')
    .filter((line) => !line.startsWith('-----'))
    .join('')
    .trim();

function readCertificate(entry: Json): Certificate {
  const der = typeof entry === 'string' ? fromBase64(entry) : undefined;
  if (der === undefined || der.length === 0) throw new SealError('bad_claims', 'tls');
  const lines = (entry as string).match(/.{1,64}/g)!;
  return {
    fingerprint: toHex(sha256(der)).toUpperCase().match(/../g)!.join(':'),
    pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}
