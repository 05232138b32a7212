export { type AuditorCode, AuditorError } from './error.js';
export type { FeedResult } from './evidence/evidence.js';
export type { Finding } from './finding.js';
export type { Difference, Direction, Standing } from './flow-match.js';
export { httpSource } from './http.js';
export type { Trust } from './identity.js';
export type { WalkedLog } from './log-walk.js';
export { type ProofFile, type ProvenLeaf, type ProvenRelease, parseProofFile } from './proof/proof-file.js';
export { type ProveOptions, prove } from './proof/prove.js';
export { type ProofResult, verifyProof } from './proof/verify-proof.js';
export { type Reconciliation, reconcileNodes } from './reconcile.js';
export type {
  AccessItem,
  AuditSource,
  Batch,
  Direction as FeedDirection,
  Entry,
  EpochItem,
  LeafProof,
  LogName,
  NodeConfiguration,
  PageItem,
  ReceiptItem,
  ReleaseItem,
  StatementItem,
  SubjectRequestItem,
  Trail,
  VoidItem,
} from './source.js';
export { type Progress, type Verification, verifyNode, type Watching } from './verify.js';
export type { VerifyState } from './verify-state.js';
