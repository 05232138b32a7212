import { createECDH, createHash, createHmac, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Alg, JWK, KeyRecord, PrivateJwk, Random, Signer, Use } from '../src/index.js';
import { nodeSigner } from '../src/node.js';

/** Keys, signatures and random bytes that are the same in every run. For vectors and tests only: everybody knows these keys. */

const sha256 = (...data: (string | Uint8Array)[]): Buffer => data.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

export interface FixedKey {
  signer: Signer;
  jwk: JWK;
  privateJwk: PrivateJwk;
  record(iss: string, use: Use, more?: Partial<KeyRecord>): KeyRecord;
}

export function fixedKey(alg: Alg, name: string): FixedKey {
  const seed = sha256('entente fixed key ', name);
  const privateJwk = alg === 'ES256' ? p256(seed) : ed25519(seed);
  const { jwk, ...signer } = nodeSigner(privateJwk);
  return {
    jwk,
    privateJwk,
    signer: alg === 'ES256' ? { ...signer, sign: (data) => deterministicEs256(seed, data) } : signer,
    record: (iss, use, more = {}) => ({
      iss,
      kid: signer.kid,
      use,
      alg,
      jwk,
      not_before: 1_760_000_000,
      not_after: 1_860_000_000,
      ...more,
    }),
  };
}

function p256(seed: Buffer): PrivateJwk {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(seed);
  const point = ecdh.getPublicKey();
  const text = (from: number, to: number) => point.subarray(from, to).toString('base64url');
  return { kty: 'EC', crv: 'P-256', x: text(1, 33), y: text(33, 65), d: seed.toString('base64url') };
}

/** PKCS #8 of an Ed25519 seed is a fixed prefix and the seed (RFC 8410 7). */
function ed25519(seed: Buffer): PrivateJwk {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const { x } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', x: x!, d: seed.toString('base64url') };
}

export const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const big = (data: Uint8Array): bigint => BigInt(`0x${Buffer.from(data).toString('hex')}`);
export const bytes32 = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

/** ECDSA with the nonce of RFC 6979 3.2; OpenSSL would draw another one in every run. */
function deterministicEs256(privateKey: Buffer, data: Uint8Array): Uint8Array {
  const hash = sha256(data);
  const k = nonceOf(privateKey, hash);
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(bytes32(k));
  const r = big(ecdh.getPublicKey().subarray(1, 33)) % p256Order;
  const s = (inverse(k) * (big(hash) + r * big(privateKey))) % p256Order;
  return Buffer.concat([bytes32(r), bytes32(s > p256Order / 2n ? p256Order - s : s)]);
}

function nonceOf(privateKey: Buffer, hash: Buffer): bigint {
  const reduced = bytes32(big(hash) % p256Order);
  const hmac = (key: Buffer, ...data: Uint8Array[]): Buffer => createHmac('sha256', key).update(Buffer.concat(data)).digest();
  let key: Buffer = Buffer.alloc(32, 0);
  let value: Buffer = Buffer.alloc(32, 1);
  for (const round of [0, 1]) {
    key = hmac(key, value, Uint8Array.of(round), privateKey, reduced);
    value = hmac(key, value);
  }
  for (;;) {
    value = hmac(key, value);
    const candidate = big(value);
    if (candidate > 0n && candidate < p256Order) return candidate;
    key = hmac(key, value, Uint8Array.of(0));
    value = hmac(key, value);
  }
}

/** Fermat: a^(n-2) mod n. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = value % p256Order;
  for (let exponent = p256Order - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % p256Order;
    base = (base * base) % p256Order;
  }
  return result;
}

/** Bytes from a counter. */
export function fixedRandom(seed: string): Random {
  let counter = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => sha256(seed, String(counter++)));
    return Buffer.concat(blocks).subarray(0, length);
  };
}

/** Signs any header and any payload, for what no honest issuer would write. */
export async function forge(header: object | string, payload: object | string, { signer }: FixedKey): Promise<string> {
  const text = (value: object | string) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const input = `${text(header)}.${text(payload)}`;
  return `${input}.${Buffer.from(await signer.sign(Buffer.from(input))).toString('base64url')}`;
}
