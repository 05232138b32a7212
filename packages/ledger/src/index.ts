export { type AddCheckpoint, formatAddCheckpoint, parseAddCheckpoint } from './add-checkpoint.js';
export { formatBundle, parseBundle } from './bundle.js';
export {
  type Checkpoint,
  type Cosignature,
  checkpointText,
  cosignCheckpoint,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpointText,
  signCheckpoint,
} from './checkpoint.js';
export { type LedgerCode, LedgerError } from './error.js';
export { type CompletedHash, Frontier } from './frontier.js';
export { emptyRoot, leafHash, nodeHash } from './hash.js';
export {
  type AccessLeaf,
  accessLeafBytes,
  type Leaf,
  type LeafOp,
  leafBytes,
  leafOps,
  maxLeafBytes,
  parseAccessLeaf,
  parseLeaf,
} from './leaf.js';
export {
  addSignatures,
  cosignedMessage,
  formatSignature,
  type Note,
  type NoteSignature,
  openNote,
  parseNote,
  signedOnlyBy,
  signNote,
  type VerifiedSignature,
} from './note.js';
export {
  formatVkey,
  type NoteKey,
  type NoteSigner,
  noteKey,
  parseVkey,
  type SignatureType,
  sameKey,
  signatureType,
  type VerifyEd25519,
} from './note-key.js';
export { consistencyProof, inclusionProof, rootAt } from './proof.js';
export type { ReadHashes } from './subtree.js';
export { parseTilePath, type TileName, tileHeight, tilePath, tileWidth } from './tile.js';
export { formatTlogProof, openTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.js';
export { type TreeHead, verifyConsistency, verifyInclusion } from './verify.js';
