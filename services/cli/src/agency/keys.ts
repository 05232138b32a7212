import type { KeyRecord, PrivateJwk } from '@entente/seal';
import { generateKey } from '@entente/seal/node';

/** Each key serves one purpose only: what one of them signs can never be taken for the work of another. docs/protocol.md section 1. */
export const keyPlan = {
  federation: { alg: 'ES256', words: 'the identity: signs the entity configuration and agreements; its thumbprint is what peers pin' },
  statement: { alg: 'ES256', words: 'signs statements' },
  release: { alg: 'ES256', words: 'signs releases, feed pages and receipts' },
  log: { alg: 'Ed25519', words: 'signs the checkpoints of the log' },
  witness: { alg: 'Ed25519', words: "co-signs the checkpoints of peers' logs" },
  // The curve of ES256; agreement on a key has no name of its own among the algorithms of the protocol.
  encryption: { alg: 'ES256', words: 'what peers encrypt to this agency alone' },
} as const;

export type KeyPurpose = keyof typeof keyPlan;

/** A private key as it lies in its file: a JWK (RFC 7517) with its history. Times are seconds since the epoch. */
export type KeyFile = PrivateJwk & Validity & { kid: string; alg: KeyRecord['alg']; use_for: string };

export interface Validity {
  not_before: number;
  not_after: number;
}

/** `kid` is the RFC 7638 thumbprint. */
export function makeKey(use_for: string, alg: KeyRecord['alg'], validity: Validity): KeyFile {
  const { privateJwk, kid } = generateKey(alg);
  return { ...privateJwk, kid, alg, use_for, ...validity };
}

export function makeKeys(validity: Validity): Record<KeyPurpose, KeyFile> {
  const purposes = Object.entries(keyPlan) as [KeyPurpose, (typeof keyPlan)[KeyPurpose]][];
  return Object.fromEntries(purposes.map(([purpose, { alg }]) => [purpose, makeKey(purpose, alg, validity)])) as Record<
    KeyPurpose,
    KeyFile
  >;
}
