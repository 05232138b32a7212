import { isCount, isDigestClaim, isEntityId, oneOf, readClaims } from '../identity/claims.js';
import { openCompact, signCompact } from '../identity/compact.js';
import type { Digest, FindKey, Signer } from '../identity/keys.js';
import type { JsonObject } from '../identity/strict-json.js';
import { assertAudience } from './audience.js';

export const voidTyp = 'feed-void+jwt';

/** Takes the place of a release that may no longer leave; its position and digest stay (docs/protocol.md 5). */
export interface VoidNote {
  iss: string;
  aud: string;
  iat: number;
  epoch: number;
  position: number;
  digest: Digest;
  code: 'recalled' | 'withdrawn';
}

export async function signVoid({ iss, aud, iat, epoch, position, digest, code }: VoidNote, signer: Signer): Promise<string> {
  const payload = { iss, aud, iat, epoch, position, digest, code };
  readVoid(payload);
  return signCompact(voidTyp, payload, signer);
}

export interface OpenedVoid extends VoidNote {
  jwt: string;
}

/** @throws SealError wrong_issuer, wrong_audience and those of openCompact */
export async function openVoid(
  jwt: string,
  { iss, aud, ...options }: { iss: string; aud: string; findKey: FindKey; provenBefore?: number },
): Promise<OpenedVoid> {
  const { claims } = await openCompact(jwt, { ...options, typ: voidTyp, use: 'release', read: readVoid });
  assertAudience(claims, iss, aud);
  return { ...claims, jwt };
}

const readVoid = (claims: JsonObject): VoidNote =>
  readClaims(claims, {
    iss: isEntityId,
    aud: isEntityId,
    iat: isCount,
    epoch: isCount,
    position: isCount,
    digest: isDigestClaim,
    code: oneOf('recalled', 'withdrawn'),
  });
