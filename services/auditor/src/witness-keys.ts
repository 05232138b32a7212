import { type NoteKey, noteKey, signatureType } from '@entente/ledger';
import type { EntityConfiguration } from '@entente/seal';

/** Of a node as a witness. */
export const witnessName = (id: string): string => `${new URL(id).host}/witness`;

/** Every key under which nodes ever cosigned checkpoints of others (C2SP tlog-cosignature); what a past one signed stays. */
export function witnessKeysOf(nodes: Iterable<EntityConfiguration>): NoteKey[] {
  return [...nodes].flatMap(({ id, keys }) =>
    keys
      .filter(({ use, alg }) => use === 'witness' && alg === 'Ed25519')
      .map(({ jwk }) => noteKey(witnessName(id), signatureType.cosignature, Buffer.from(jwk.x, 'base64url'))),
  );
}
