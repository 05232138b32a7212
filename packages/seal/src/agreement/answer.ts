import type { FeedPlace } from '@entente/policy';
import { digestOf } from '#bytes';
import { assertAudience } from '../delivery/audience.js';
import { isCount, isDigestClaim, isEntityId, readClaims } from '../identity/claims.js';
import { openCompact, signCompact } from '../identity/compact.js';
import type { Digest, FindKey, Signer } from '../identity/keys.js';
import { isObject, type Json, type JsonObject } from '../identity/strict-json.js';

export const denunciationAnswerTyp = 'denunciation-answer+jwt';

/** The other side's answer to a denunciation: how far each feed had come when it learned of it (docs/protocol.md 8). */
export interface DenunciationAnswer {
  iss: string;
  aud: string;
  iat: number;
  /** digest of the denunciation */
  denunciation: Digest;
  /** last position on the feed from `iss` to `aud` */
  sent: FeedPlace;
  /** last position on the feed from `aud` to `iss` that a page has shown to `iss` */
  received: FeedPlace;
}

export async function signDenunciationAnswer(answer: DenunciationAnswer, signer: Signer): Promise<string> {
  const { iss, aud, iat, denunciation } = answer;
  const payload = { iss, aud, iat, denunciation, sent: placeOf(answer.sent), received: placeOf(answer.received) };
  readAnswer(payload);
  return signCompact(denunciationAnswerTyp, payload, signer);
}

const placeOf = ({ epoch, position }: FeedPlace) => ({ epoch, position });

export interface OpenedDenunciationAnswer extends DenunciationAnswer {
  jwt: string;
  digest: Digest;
}

/** @throws SealError wrong_issuer, wrong_audience and those of openCompact */
export async function openDenunciationAnswer(
  jwt: string,
  { iss, aud, ...options }: { iss: string; aud: string; findKey: FindKey; provenBefore?: number },
): Promise<OpenedDenunciationAnswer> {
  const { claims } = await openCompact(jwt, { ...options, typ: denunciationAnswerTyp, use: 'federation', read: readAnswer });
  assertAudience(claims, iss, aud);
  return { ...claims, jwt, digest: digestOf(jwt) };
}

const isPlace = (value: Json | undefined): value is JsonObject & FeedPlace =>
  value !== undefined && isObject(value) && Object.keys(value).length === 2 && isCount(value.epoch) && isCount(value.position);

const readAnswer = (claims: JsonObject): DenunciationAnswer =>
  readClaims(claims, { iss: isEntityId, aud: isEntityId, iat: isCount, denunciation: isDigestClaim, sent: isPlace, received: isPlace });
