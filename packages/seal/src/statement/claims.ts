import type { OpenClaims } from '@entente/statement';
import { SealError } from '../errors.js';
import { exactly, isCode, isCount, isEntityId, isFlag, isList, isRecord, isUuidUrn, readClaims } from '../identity/claims.js';
import type { JsonObject } from '../identity/strict-json.js';
import { hashName } from './digests.js';

/**
 * The claims that are always open. No other may stand beside them, and no digest either: what is open lasts
 * for ever, so it is codes and times only (docs/protocol.md 4). What the codes mean is judged by the kind.
 */
export function readOpenClaims(payload: JsonObject): OpenClaims {
  const claims = readClaims(
    payload,
    {
      iss: isEntityId,
      iat: isCount,
      jti: isUuidUrn,
      kind: isCode,
      ver: isCode,
      exercise: isFlag,
      lang: isCode,
      valid_from: isCount,
      valid_until: isCount,
      handling: isRecord,
      legal_basis: isList,
      _sd_alg: exactly(hashName),
    },
    { rel: isList, body: isRecord },
  );
  if (claims.valid_until <= claims.valid_from) throw new SealError('bad_claims', 'valid_until');
  return claims as unknown as OpenClaims;
}
