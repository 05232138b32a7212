/** A signed statement as the store keeps it: the token, and columns derived from its open claims. */
import type { OpenClaims } from '@entente/statement';
import type { NewStatement } from '@entente/store';

export const statementRow = (signed: { digest: string; jwt: string; claims: OpenClaims }, own: boolean): NewStatement => ({
  digest: signed.digest,
  iss: signed.claims.iss,
  jti: signed.claims.jti.replace('urn:uuid:', ''),
  kind: signed.claims.kind,
  ver: signed.claims.ver,
  exercise: signed.claims.exercise,
  iat: signed.claims.iat,
  validFrom: signed.claims.valid_from,
  validUntil: signed.claims.valid_until,
  jwt: signed.jwt,
  claims: signed.claims,
  own,
});
