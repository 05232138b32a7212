import { SealError } from '../errors.js';

/** From the node that the connection belongs to, and addressed to this one. @throws SealError wrong_issuer, wrong_audience */
export function assertAudience(claims: { iss: string; aud: string }, iss: string, aud: string): void {
  if (claims.iss !== iss) throw new SealError('wrong_issuer');
  if (claims.aud !== aud) throw new SealError('wrong_audience');
}
