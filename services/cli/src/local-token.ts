import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { Configuration } from './configuration-file.js';
import { CliError } from './failure.js';
import { parseJson, readText } from './files.js';
import type { Role } from './roles.js';

export interface TokenRequest {
  roles: Role[];
  /** Pseudonym of the officer: what the node records instead of a name. */
  name: string;
  unit?: string | undefined;
  lifetimeSeconds: number;
}

/** A bearer token of the node's local issuer, for trials. Throws `no_local_issuer` where the agency has an issuer of its own. */
export async function makeLocalToken(
  configuration: Configuration,
  request: TokenRequest,
  now: number,
): Promise<{ token: string; expiresAt: number }> {
  const issuer = configuration.localIssuer;
  if (!issuer) {
    throw new CliError(
      'no_local_issuer',
      'this agency has no local issuer',
      "Officers get their tokens from the agency's own OpenID Connect issuer. A local issuer serves trials only: `entente init --trial`.",
    );
  }
  const jwk = parseJson(await readText(issuer.keyFile, 'key of the local issuer'), issuer.keyFile, 'key of the local issuer') as JWK;
  const expiresAt = now + request.lifetimeSeconds;
  const token = await new SignJWT({ entente_roles: request.roles, ...(request.unit !== undefined && { unit: request.unit }) })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid as string, typ: 'JWT' })
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setSubject(request.name)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(expiresAt)
    .sign(await importJWK(jwk, 'ES256'));
  return { token, expiresAt };
}
