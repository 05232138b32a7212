/** Names and keys under which nodes sign notes: of their logs, and as witnesses of others' logs. docs/protocol.md section 9. */
import { type NoteKey, noteKey, parseVkey, signatureType, type VerifyEd25519 } from '@entente/ledger';
import { inspectEntityConfiguration } from '@entente/seal';
import { nodeVerifier } from '@entente/seal/node';
import type { PeerRecord } from '@entente/store';

/** Of a node as a witness. */
export const witnessName = (entityId: string): string => `${new URL(entityId).host}/witness`;

/** The key of the peer's present log. Undefined if it names one that is not among its own keys for logs. */
export function logKeyOf(peer: Pick<PeerRecord, 'configuration' | 'keys'>): NoteKey | undefined {
  const { origin, vkey } = inspectEntityConfiguration(peer.configuration).configuration.log;
  const key = parseVkey(vkey);
  const x = Buffer.from(key.publicKey).toString('base64url');
  return key.name === origin && peer.keys.some((own) => own.use === 'log' && own.jwk.x === x) ? key : undefined;
}

/** Every key that the peer ever published for cosigning: what a past one signed stays. */
export const witnessKeysOf = (peer: Pick<PeerRecord, 'id' | 'keys'>): NoteKey[] =>
  peer.keys
    .filter(({ use, alg }) => use === 'witness' && alg === 'Ed25519')
    .map(({ jwk }) => noteKey(witnessName(peer.id), signatureType.cosignature, Buffer.from(jwk.x, 'base64url')));

export const verifyNote: VerifyEd25519 = (publicKey, message, signature) =>
  nodeVerifier({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, 'Ed25519')(message, signature);
