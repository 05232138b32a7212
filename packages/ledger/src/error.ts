/**
 * Why something was refused.
 *
 * - `bad_size`: a size, index, level or count outside of what a tree of at most 2^53 - 1 leaves can have
 * - `bad_hash`: not 32 bytes
 * - `bad_frontier`: the right edge does not have one hash per bit of the size
 * - `missing_hashes`: a reader gave fewer or more hashes than it was asked for
 * - `bad_proof`: a proof of the wrong length or form
 * - `root_mismatch`: a well-formed proof that leads to another root
 * - `bad_leaf`, `leaf_too_large`: not one of the leaves that a log of ours holds
 * - `bad_note`: not a signed note, or one whose signature line does not fit its type
 * - `bad_key`: not a verifier key, or a key name that no note may carry
 * - `unknown_signer`: none of the keys asked for has signed
 * - `bad_signature`: a key asked for has a signature that does not verify
 * - `bad_checkpoint`: a note whose text is no checkpoint
 * - `wrong_origin`: the checkpoint of another log
 * - `bad_tile_path`: not the name of a tile
 * - `bad_bundle`: not a sequence of entries with their lengths
 * - `bad_request`: not what a log asks of a witness
 */
export type LedgerCode =
  | 'bad_size'
  | 'bad_hash'
  | 'bad_frontier'
  | 'missing_hashes'
  | 'bad_proof'
  | 'root_mismatch'
  | 'bad_leaf'
  | 'leaf_too_large'
  | 'bad_note'
  | 'bad_key'
  | 'unknown_signer'
  | 'bad_signature'
  | 'bad_checkpoint'
  | 'wrong_origin'
  | 'bad_tile_path'
  | 'bad_bundle'
  | 'bad_request';

export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerCode;

  constructor(code: LedgerCode, message: string) {
    super(message);
    this.code = code;
  }
}
