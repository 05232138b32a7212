import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { SealError } from '../errors.js';
import type { Alg } from '../identity/algorithms.js';
import { type JWK, type KeyRecord, type PrivateJwk, readJwk, type Signer, thumbprint, type VerificationKey } from '../identity/keys.js';
import type { JsonObject } from '../identity/strict-json.js';

/** How OpenSSL is asked for each algorithm: digest and signature encoding. */
const openssl = {
  ES256: { digest: 'sha256', options: { dsaEncoding: 'ieee-p1363' }, generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  Ed25519: { digest: null, options: {}, generate: () => generateKeyPairSync('ed25519') },
} as const;

export interface GeneratedKey {
  alg: Alg;
  kid: string;
  jwk: JWK;
  privateJwk: PrivateJwk;
}

export function generateKey(alg: Alg): GeneratedKey {
  const privateJwk = openssl[alg].generate().privateKey.export({ format: 'jwk' }) as PrivateJwk;
  return { ...publicPart(privateJwk), privateJwk };
}

/** A signer over a private key in memory. @throws SealError bad_key */
export function nodeSigner(privateJwk: PrivateJwk): Signer & { jwk: JWK } {
  const { alg, kid, jwk } = publicPart(privateJwk);
  const { digest, options } = openssl[alg];
  const handle = { key: imported(() => createPrivateKey({ key: { ...jwk, d: privateJwk.d }, format: 'jwk' })), ...options };
  // OpenSSL takes the public part on trust; the signatures of a mixed-up pair would fail at every peer
  const probe = new Uint8Array(1);
  if (!imported(() => nodeVerifier(jwk, alg)(probe, sign(digest, probe, handle)))) throw new SealError('bad_key');
  return { alg, kid, jwk, sign: (bytes) => sign(digest, bytes, handle) };
}

/** A check of signatures by a public key. @throws SealError bad_key when it is not a point of its curve */
export function nodeVerifier(jwk: JWK, alg: Alg): VerificationKey['verify'] {
  const { digest, options } = openssl[alg];
  const handle = { key: imported(() => createPublicKey({ key: { ...jwk }, format: 'jwk' })), ...options };
  return (bytes, signature) => verify(digest, bytes, handle, signature);
}

export const verificationKey = (record: KeyRecord): VerificationKey => ({ ...record, verify: nodeVerifier(record.jwk, record.alg) });

function publicPart({ d: _, ...members }: PrivateJwk): { alg: Alg; kid: string; jwk: JWK } {
  const { jwk, alg } = readJwk(members as JsonObject);
  return { alg, jwk, kid: thumbprint(jwk) };
}

function imported<T>(importKey: () => T): T {
  try {
    return importKey();
  } catch {
    throw new SealError('bad_key');
  }
}
