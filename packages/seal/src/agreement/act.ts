import { type AgreementAct, agreementActs } from '@entente/policy';
import { digestOf } from '#bytes';
import { isCount, isDigestClaim, isEntityId, oneOf, readClaims } from '../identity/claims.js';
import { openCompact, signCompact } from '../identity/compact.js';
import type { Digest, FindKey, Signer } from '../identity/keys.js';
import type { JsonObject } from '../identity/strict-json.js';

export const agreementActTyp = 'agreement-act+jwt';

/** What a party says of an agreement that it has signed: suspended, resumed, denounced (docs/protocol.md 8). */
export interface AgreementActClaims {
  iss: string;
  iat: number;
  agreement: Digest;
  act: AgreementAct['act'];
  /** 1, 2, ... of this party and this agreement */
  seq: number;
}

/** With the federation key, as the agreement itself. @throws SealError bad_claims */
export async function signAgreementAct({ iss, iat, agreement, act, seq }: AgreementActClaims, signer: Signer): Promise<string> {
  const payload = { iss, iat, agreement, act, seq };
  readAct(payload);
  return signCompact(agreementActTyp, payload, signer);
}

export interface OpenedAgreementAct extends AgreementActClaims {
  jwt: string;
  digest: Digest;
}

/** @throws SealError those of openCompact */
export async function openAgreementAct(jwt: string, options: { findKey: FindKey; provenBefore?: number }): Promise<OpenedAgreementAct> {
  const { claims } = await openCompact(jwt, { ...options, typ: agreementActTyp, use: 'federation', read: readAct });
  return { ...claims, jwt, digest: digestOf(jwt) };
}

const readAct = (claims: JsonObject): AgreementActClaims =>
  readClaims(claims, { iss: isEntityId, iat: isCount, agreement: isDigestClaim, act: oneOf(...agreementActs), seq: isCount });
