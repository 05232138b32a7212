import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { type NoteSigner, noteKey, type SignatureType, type VerifyEd25519 } from '@entente/ledger';

const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const spki = Buffer.from('302a300506032b6570032100', 'hex');

/** A key made of one repeated byte: Ed25519 has no randomness, so every note made with it is always the same. */
export function signerOf(name: string, type: SignatureType, seed: number): NoteSigner {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' });
  const publicKey = new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(spki.length));
  return { key: noteKey(name, type, publicKey), sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
}

export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) =>
  verify(null, message, createPublicKey({ key: Buffer.concat([spki, publicKey]), format: 'der', type: 'spki' }), signature);
