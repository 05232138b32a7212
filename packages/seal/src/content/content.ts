/**
 * Content at rest (docs/protocol.md 10): the disclosures of one statement or release, encrypted under a key
 * of their own, which is wrapped by a key-encryption key (KEK) that the database and its backups never see.
 * Destroying the wrapped key erases the content; destroying the KEK erases it in every copy.
 */
export interface SealedContent {
  /** AES-256-GCM: nonce (12), ciphertext, tag (16) */
  ciphertext: Uint8Array;
  /** AES-256-GCM of the content key under the KEK, in the same form */
  wrappedKey: Uint8Array;
  kekId: string;
}

/** A key-encryption key: in a file today, in hardware later. `aad` binds a wrapped key to what it is the key of. */
export interface Kek {
  id: string;
  wrap(key: Uint8Array, aad: Uint8Array): Uint8Array;
  /** @throws SealError content_unreadable */
  unwrap(wrapped: Uint8Array, aad: Uint8Array): Uint8Array;
}
