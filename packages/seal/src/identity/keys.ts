import { digestOf } from '#bytes';
import { SealError } from '../errors.js';
import { type Alg, type Algorithm, algorithms } from './algorithms.js';
import { canonicalBytes } from './canonical.js';
import type { JsonObject } from './strict-json.js';

/** base64url of SHA-256, 43 characters. */
export type Digest = string;
export type Use = 'federation' | 'statement' | 'release' | 'log' | 'witness' | 'encryption' | 'tls';
export const uses: readonly Use[] = ['federation', 'statement', 'release', 'log', 'witness', 'encryption', 'tls'];

/** A public key with its required members only (RFC 7518 6.2.1, RFC 8037 2). */
export type JWK = { kty: 'EC'; crv: 'P-256'; x: string; y: string } | { kty: 'OKP'; crv: 'Ed25519'; x: string };

/** A key with its private part; nothing but a signer takes it. */
export type PrivateJwk = JWK & { d: string };

/** A public key in a node's history. Times are seconds since the epoch. */
export interface KeyRecord {
  iss: string;
  /** RFC 7638 thumbprint */
  kid: string;
  use: Use;
  alg: Alg;
  jwk: JWK;
  not_before: number;
  not_after: number;
  /** ended early, in good order: what has `iat` before it stays valid */
  revoked_at?: number;
  /** from then on others may have signed with it, with any `iat` they liked */
  compromised_from?: number;
}

export interface VerificationKey extends KeyRecord {
  verify(bytes: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** A private key: in a node's memory, in hardware, or in another process. */
export interface Signer {
  alg: Alg;
  kid: string;
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Finds the key of a node by its name and use. The header of a JWS chooses nothing but the name. */
export type FindKey = (iss: string, kid: string, use: Use) => VerificationKey | undefined;

/** Cryptographically secure random bytes. */
export type Random = (bytes: number) => Uint8Array;

/** RFC 7638: SHA-256 of the required members in lexical order. */
export function thumbprint(jwk: JWK): string {
  return digestOf(
    jwk.kty === 'EC'
      ? `{"crv":"${jwk.crv}","kty":"${jwk.kty}","x":"${jwk.x}","y":"${jwk.y}"}`
      : `{"crv":"${jwk.crv}","kty":"${jwk.kty}","x":"${jwk.x}"}`,
  );
}

/** Takes the required members of a published key, and leaves all others behind. @throws SealError bad_key, non_canonical */
export function readJwk(members: JsonObject): { jwk: JWK; alg: Alg } {
  const row = [...algorithms.values()].find(({ kty, crv }) => members.kty === kty && members.crv === crv);
  if (row === undefined || 'd' in members) throw new SealError('bad_key');
  return { alg: row.alg, jwk: { kty: row.kty, crv: row.crv, ...coordinates(row, members) } as JWK };
}

function coordinates({ kty }: Algorithm, members: JsonObject): Record<string, string> {
  const names = kty === 'EC' ? ['x', 'y'] : ['x'];
  return Object.fromEntries(
    names.map((name) => {
      const text = members[name];
      if (typeof text !== 'string' || canonicalBytes(text).length !== 32) throw new SealError('bad_key', name);
      return [name, text];
    }),
  );
}

/**
 * Whether the key could sign at `iat`. A key that ended in good order verifies what it signed in its time,
 * whenever that arrives. From a compromised one only that counts which is proven to have existed before,
 * whatever its `iat` says (docs/protocol.md 1).
 *
 * @param provenBefore a time at which the object provably existed: from the receiver's own log, or from a
 *   proof under a checkpoint that a trusted witness had co-signed by then
 * @throws SealError key_not_valid, key_compromised
 */
export function assertKeyValid(key: KeyRecord, iat: number, provenBefore?: number): void {
  const ended = key.revoked_at !== undefined && iat >= key.revoked_at;
  if (iat < key.not_before || iat > key.not_after || ended) throw new SealError('key_not_valid', key.kid);
  if (key.compromised_from === undefined) return;
  if (provenBefore === undefined || provenBefore >= key.compromised_from) throw new SealError('key_compromised', key.kid);
}
