/** Where the public keys of token issuers come from: key sets of OpenID Connect providers, fetched and kept, and the file of a local issuer. */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseStrict } from '@entente/seal';
import buildGetJwks from 'get-jwks';
import type { Config } from '../config/schema.js';

export type TokenAlgorithm = 'ES256' | 'EdDSA' | 'RS256' | 'PS256';

/** One issuer whose tokens count, and what they must say. */
export interface TrustedIssuer {
  issuer: string;
  audience: string;
  algorithms: readonly TokenAlgorithm[];
  claims: { pseudonym: string; roles: string; unit: string };
  roles: Readonly<Record<string, string>>;
  /** PEM of the public key that `kid` names and `alg` fits, or undefined. Throws when the provider cannot be asked. */
  key(kid: string | undefined, alg: TokenAlgorithm): Promise<string | undefined>;
}

/** What a key must be for an algorithm; the name in the token's header decides nothing by itself. */
const fits: Record<TokenAlgorithm, (jwk: JsonWebKey) => boolean> = {
  ES256: (jwk) => jwk.kty === 'EC' && jwk.crv === 'P-256',
  EdDSA: (jwk) => jwk.kty === 'OKP' && jwk.crv === 'Ed25519',
  RS256: (jwk) => jwk.kty === 'RSA' && modulusBits(jwk) >= 2048,
  PS256: (jwk) => jwk.kty === 'RSA' && modulusBits(jwk) >= 2048,
};

const modulusBits = (jwk: JsonWebKey): number => Buffer.from(jwk.n ?? '', 'base64url').length * 8;

const KEYS_KEPT_MS = 10 * 60_000;
const PROVIDER_TIMEOUT_MS = 5_000;
/** After a key was not found, so long no token makes this node ask the provider again: a stranger could make it ask for ever. */
const UNKNOWN_KEY_PAUSE_MS = 5_000;

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

function providerKeys({ issuer, jwks_path }: Config['issuers'][number]): TrustedIssuer['key'] {
  const jwks = buildGetJwks({
    ttl: KEYS_KEPT_MS,
    issuersWhitelist: [issuer],
    ...(jwks_path === undefined ? { providerDiscovery: true } : { jwksPath: jwks_path }),
    fetchOptions: { redirect: 'error', headers: { accept: 'application/json' } },
  });
  let askAgainAt = 0;

  return async (kid, alg) => {
    if (kid === undefined) return undefined;
    const known = jwks.cache.get(jwks.generateCacheKey(alg, kid, issuer.endsWith('/') ? issuer : `${issuer}/`)) !== undefined;
    if (!known && Date.now() < askAgainAt) return undefined;
    try {
      const jwk = (await withTimeout(jwks.getJwk({ domain: issuer, alg, kid }))) as JsonWebKey & { use?: string };
      return jwk.use === 'enc' || !fits[alg](jwk) ? undefined : pem(jwk);
    } catch (error) {
      askAgainAt = Date.now() + UNKNOWN_KEY_PAUSE_MS;
      if ((error as { code?: string }).code === 'JWK_NOT_FOUND') return undefined;
      throw error;
    }
  };
}

function localKey(file: string): TrustedIssuer['key'] {
  const { d: _, ...jwk } = parseStrict(readFileSync(file, 'utf8')) as JsonWebKey & { kid?: string };
  if (!fits.ES256(jwk)) throw new Error(`${file} should hold a private key of curve P-256 as JWK`);
  const key = pem(jwk);
  return async (kid, alg) => (alg === 'ES256' && (jwk.kid === undefined || kid === jwk.kid) ? key : undefined);
}

const pem = (jwk: JsonWebKey): string =>
  createPublicKey({ key: publicMembers(jwk), format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string;
const publicMembers = ({ kty, crv, x, y, n, e }: JsonWebKey): JsonWebKey =>
  Object.fromEntries(Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined));

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the token issuer does not answer')), PROVIDER_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
