/** Proofs under a published checkpoint, as whoever asks for them takes them away. docs/protocol.md section 9. */
import { addSignatures, formatTlogProof, inclusionProof, type ReadHashes } from '@entente/ledger';
import type { CheckpointRecord, LogName, Store } from '@entente/store';

export const hashesOf =
  (store: Pick<Store, 'hashes'>, log: LogName, epoch: number): ReadHashes =>
  (level, index, count) =>
    store.hashes(log, epoch, level, index, count);

/** The signed note with the signatures of all witnesses, or of those whom the reader knows: others would tell him who our partners are. */
export function noteOf({ note, cosignatures }: CheckpointRecord, known: (witness: string) => boolean = () => true): string {
  return addSignatures(
    note,
    cosignatures.filter(({ witness }) => known(witness)).map(({ line }) => line),
  );
}

/** C2SP tlog-proof: everything but the leaf and the keys. `note` is that of the checkpoint. */
export async function tlogProof(
  store: Pick<Store, 'hashes'>,
  log: LogName,
  at: { checkpoint: CheckpointRecord; note: string; index: number },
): Promise<string> {
  const { checkpoint, note, index } = at;
  const proof = await inclusionProof(index, checkpoint.size, hashesOf(store, log, checkpoint.epoch));
  return formatTlogProof({ index, proof, checkpoint: note });
}
