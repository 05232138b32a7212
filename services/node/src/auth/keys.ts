/** Where the public keys of token issuers come from: key sets of OpenID Connect providers, fetched and kept, and the file of a local issuer. */

import { createPublicKey, type JsonWebKey, KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseStrict } from '@entente/seal';
import { createRemoteJWKSet, errors, type JWSHeaderParameters } from 'jose';
import { isIssuerUrl } from '../config/issuer-url.js';
import type { Config } from '../config/schema.js';
import { timeLimit } from '../time-limit.js';

export type TokenAlgorithm = 'ES256' | 'EdDSA' | 'RS256' | 'PS256';

export interface TokenHeader {
  alg: TokenAlgorithm;
  kid?: string;
}

/** One issuer whose tokens count, and what they must say. */
export interface TrustedIssuer {
  issuer: string;
  audience: string;
  algorithms: readonly TokenAlgorithm[];
  claims: { pseudonym: string; client?: string; roles: string; unit: string };
  roles: Readonly<Record<string, string>>;
  /** PEM of the public key that the header names and that fits its algorithm, or undefined. Throws when the provider cannot be asked. */
  key(header: TokenHeader): Promise<string | undefined>;
}

/** A key set is asked for again after so long, so that a key which the provider withdrew stops counting. */
const KEYS_KEPT_MS = 10 * 60_000;
const PROVIDER_TIMEOUT_MS = 5_000;
/** For so long no unknown key makes this node ask again: a stranger could make it ask for ever. Keys that are known count meanwhile. */
const PAUSE_MS = 5_000;
const LEAST_RSA_BITS = 2048;

export function trustedIssuers(config: Pick<Config, 'issuers' | 'local_issuer' | 'entity_id'>): TrustedIssuer[] {
  const local = config.local_issuer;
  return [
    ...config.issuers.map((issuer) => ({ ...issuer, key: providerKeys(issuer) })),
    ...(local
      ? [
          {
            issuer: local.issuer,
            audience: local.audience ?? config.entity_id,
            algorithms: ['ES256' as const],
            claims: { pseudonym: 'sub', roles: 'entente_roles', unit: 'unit' },
            roles: {},
            key: localKey(local.key_file),
          },
        ]
      : []),
  ];
}

function providerKeys(issuer: Config['issuers'][number]): TrustedIssuer['key'] {
  const keySet = remembered(async () =>
    createRemoteJWKSet(await keySetUrl(issuer), {
      timeoutDuration: PROVIDER_TIMEOUT_MS,
      cooldownDuration: PAUSE_MS,
      cacheMaxAge: KEYS_KEPT_MS,
    }),
  );
  const texts = new WeakMap<object, string | undefined>();

  return async (header) => {
    try {
      const key = await (await keySet())(header as JWSHeaderParameters);
      if (!texts.has(key)) texts.set(key, pemOf(KeyObject.from(key as Parameters<typeof KeyObject.from>[0])));
      return texts.get(key);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return undefined;
      throw error;
    }
  };
}

function pemOf(key: KeyObject): string | undefined {
  const { modulusLength = LEAST_RSA_BITS } = key.asymmetricKeyDetails ?? {};
  return modulusLength < LEAST_RSA_BITS ? undefined : (key.export({ type: 'spki', format: 'pem' }) as string);
}

/** From the discovery document (OpenID Connect Discovery 1.0 section 4), or as configured. */
async function keySetUrl({ issuer, jwks_path }: Config['issuers'][number]): Promise<URL> {
  const base = issuer.replace(/\/$/, '');
  if (jwks_path !== undefined) return new URL(`${base}/${jwks_path.replace(/^\//, '')}`);
  const response = await fetch(`${base}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: timeLimit(PROVIDER_TIMEOUT_MS),
  });
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (!response.ok || document.issuer !== issuer) throw new Error(`${issuer} does not publish a discovery document of its own`);
  if (typeof document.jwks_uri !== 'string' || !isIssuerUrl(document.jwks_uri))
    throw new Error(`${issuer} names no key set at an https address`);
  return new URL(document.jwks_uri);
}

/** One attempt at a time, its result kept; a failure is kept for the pause. */
function remembered<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  let failedAt: number | undefined;
  return () => {
    if (failedAt !== undefined && Date.now() - failedAt > PAUSE_MS) result = failedAt = undefined;
    result ??= work().catch((error: unknown) => {
      failedAt = Date.now();
      throw error;
    });
    return result;
  };
}

function localKey(file: string): TrustedIssuer['key'] {
  const jwk = parseStrict(readFileSync(file, 'utf8')) as JsonWebKey & { kid?: string };
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256') throw new Error(`${file} should hold a private key of curve P-256 as JWK`);
  const { kty, crv, x, y } = jwk as Required<JsonWebKey>;
  const key = pemOf(createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' }));
  return async ({ alg, kid }) => (alg === 'ES256' && (jwk.kid === undefined || kid === jwk.kid) ? key : undefined);
}
