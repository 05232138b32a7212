import type { PrivateJwk, Signer } from '@entente/seal';
import { generateKey, nodeSigner } from '@entente/seal/node';
import { AuditorError } from '../error.js';

/** A new key of an auditor: a JWK with its private part, and the thumbprint (RFC 7638) by which others know it. */
export function newAuditorKey(): { jwk: string; thumbprint: string } {
  const { privateJwk, kid } = generateKey('ES256');
  return { jwk: `${JSON.stringify(privateJwk)}\n`, thumbprint: kid };
}

/** @throws {AuditorError} `bad_input` */
export function auditorSigner(text: string): Signer {
  try {
    return nodeSigner(JSON.parse(text) as PrivateJwk);
  } catch {
    throw new AuditorError('bad_input', 'this is not the private key of an auditor (a JWK of P-256 or Ed25519)');
  }
}
