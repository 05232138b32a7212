import type { VerifyEd25519 } from '@entente/ledger';
import { nodeVerifier } from '@entente/seal/node';

/** Ed25519 as notes use it, over the same implementation as everything else. */
export const verifyNote: VerifyEd25519 = (publicKey, message, signature) =>
  nodeVerifier({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, 'Ed25519')(message, signature);
