import { SealError } from '../errors.js';

export type Alg = 'ES256' | 'Ed25519';

/** One row per algorithm. Everybody else receives the resolved row; no name from a header selects code. */
export interface Algorithm {
  alg: Alg;
  kty: 'EC' | 'OKP';
  crv: 'P-256' | 'Ed25519';
  /** Rewrites a fresh signature in its one accepted form. */
  normalise(signature: Uint8Array): Uint8Array;
  /** Whether the signature is in the one accepted form; says nothing about whether it fits. */
  isCanonical(signature: Uint8Array): boolean;
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));

// SEC 2, secp256r1: the order n of the group, and n/2.
const p256Order = bytes('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const p256HalfOrder = bytes('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8');
// RFC 8032 5.1: the order L of the group and the field prime 2^255 - 19, both big-endian here.
const ed25519Order = bytes('1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed');
const ed25519Prime = bytes('7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed');

/** RFC 7518 3.4 with s in the lower half: (r, n - s) verifies wherever (r, s) does and would be a second name of one object. */
const es256: Algorithm = {
  alg: 'ES256',
  kty: 'EC',
  crv: 'P-256',
  normalise(signature) {
    const s = signature.subarray(32);
    if (compare(s, p256HalfOrder) <= 0) return signature;
    const lower = new Uint8Array(64);
    lower.set(signature.subarray(0, 32));
    for (let at = 31, borrow = 0; at >= 0; at--) {
      const difference = p256Order[at]! - s[at]! - borrow;
      borrow = difference < 0 ? 1 : 0;
      lower[32 + at] = difference & 0xff;
    }
    return lower;
  },
  isCanonical(signature) {
    const r = signature.subarray(0, 32);
    const s = signature.subarray(32);
    return compare(r, p256Order) < 0 && compare(s, p256HalfOrder) <= 0 && !isZero(r) && !isZero(s);
  },
};

/** RFC 8032 with S < L and R in the field; some verifiers reduce both and so accept further encodings. */
const ed25519: Algorithm = {
  alg: 'Ed25519',
  kty: 'OKP',
  crv: 'Ed25519',
  normalise: (signature) => signature,
  isCanonical(signature) {
    // little-endian; a new array, for slice() of a Buffer is a view of the same bytes
    const signatureFromEnd = Uint8Array.from(signature).reverse();
    const s = signatureFromEnd.subarray(0, 32);
    const y = signatureFromEnd.subarray(32);
    y[0] = y[0]! & 0x7f; // the highest bit is the sign of x
    return compare(s, ed25519Order) < 0 && compare(y, ed25519Prime) < 0;
  },
};

/** Both have signatures of 64 bytes. */
export const signatureBytes = 64;

export const algorithms: ReadonlyMap<string, Algorithm> = new Map([es256, ed25519].map((row) => [row.alg, row]));

/** @throws SealError bad_alg, also for `none` and for the name `EdDSA`, which RFC 9864 retired */
export function algorithmOf(alg: unknown): Algorithm {
  const row = typeof alg === 'string' ? algorithms.get(alg) : undefined;
  if (row === undefined) throw new SealError('bad_alg');
  return row;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return 0;
}

const isZero = (data: Uint8Array): boolean => data.every((byte) => byte === 0);
