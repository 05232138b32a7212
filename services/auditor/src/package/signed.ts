import { createPublicKey } from 'node:crypto';
import type { JWK, KeyRecord } from '@entente/seal';
import { splitCompact } from '@entente/seal';

/** A signed object taken apart into what openssl takes: the bytes that were signed, the signature, the key. */
export interface SignedPart {
  input: Uint8Array;
  signature: Uint8Array;
  keyPem: string;
  alg: KeyRecord['alg'];
  kid: string;
  /** The payload, byte for byte. */
  payload: Uint8Array;
}

/** Undefined where the key is in no history. */
export function signedPart(jws: string, keys: readonly KeyRecord[]): SignedPart | undefined {
  const { input, header, signature } = splitCompact(jws);
  const key = keys.find(({ kid }) => kid === header.kid);
  if (key === undefined) return undefined;
  const payload = Buffer.from(input.slice(input.indexOf('.') + 1), 'base64url');
  const taken = key.alg === 'ES256' ? derOf(signature) : signature;
  return { input: Buffer.from(input, 'ascii'), signature: taken, keyPem: pemOf(key.jwk), alg: key.alg, kid: key.kid, payload };
}

export const pemOf = (jwk: JWK): string =>
  createPublicKey({ key: { ...jwk }, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();

/** ECDSA-Sig-Value of RFC 3279 section 2.2.3, as openssl reads it; a JWS has r and s one after the other (RFC 7518 section 3.4). */
function derOf(signature: Uint8Array): Uint8Array {
  const numbers = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, numbers.length]), numbers]);
}

function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = bytes.subarray(first < 0 ? bytes.length - 1 : first);
  const positive = short[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : Buffer.from(short);
  return Buffer.concat([Buffer.from([0x02, positive.length]), positive]);
}
