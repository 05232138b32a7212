import type {
  Digest,
  DraftWrite,
  NewAgreementAct,
  NewCompliance,
  NewDenunciationAnswer,
  NewNotice,
  NewReceived,
  NewRelease,
  NewReversal,
  NewSingleRelease,
  NewStatement,
  PeerWrite,
  ReversalType,
  SealedContent,
  ShipmentWrite,
  SingleReleaseDecision,
  SubjectRequestWrite,
  Verdict,
  WatchWrite,
  WebhookWrite,
} from './act.js';

/** `next` is opaque and exclusive: `after: next` gives what follows. */
export interface Page<T> {
  items: T[];
  next?: string;
}

export interface StatementRecord extends NewStatement {
  position: number;
  storedAt: number;
  /** What its originator has said of it since, the oldest first. */
  reversals: { type: ReversalType; by: Digest; whole: boolean }[];
}

/** Where a statement stands: recalled as a whole, replaced, or else by the clock before `validFrom`, until `validUntil`, after it. */
export type StatementState = 'RELEASED' | 'IN_FORCE' | 'EXPIRED' | 'SUPERSEDED' | 'RECALLED';

export interface SingleReleaseRecord extends NewSingleRelease {
  position: number;
  releasedAt: number;
  /** Absent: undecided. */
  outcome?: SingleReleaseDecision['outcome'];
  decidedBy?: string;
  decidedAt?: number;
  act?: string;
  recall?: Digest;
}

export interface ReversalRecord extends Omit<NewReversal, 'kind'> {
  position: number;
  at: number;
  /** What this node, as a holder, answered. */
  outcome?: string;
  keptUntil?: number;
  answer?: Digest;
  answeredAt?: number;
}

/** How many of what asks for an answer stand so, by who is asked or asks. A refusal is an answer, a lapse is none. */
export interface AnswerFigure {
  peer: string;
  kind: string;
  /** This node asks. */
  own: boolean;
  state: 'open' | 'answered' | 'refused' | 'lapsed';
  /** Ground of a refusal: of the list `refusal`, or EXCEPTION for a recall that the law keeps a holder from carrying out. */
  code: string | null;
  count: number;
}

export interface ComplianceRecord extends Omit<NewCompliance, 'kind'> {
  at: number;
}

/** A content with a date: to be looked at again, or erased. */
export interface DueRecord {
  ref: Digest;
  statement: StatementRecord;
  expiresAt?: number;
  reviewAt?: number;
  held: boolean;
}

export interface HoldRecord {
  statement: Digest;
  reason: string;
  placedBy: string;
  placedAt: number;
}

export interface SubjectRequestRecord extends Omit<SubjectRequestWrite, 'expectVersion' | 'sealed'> {
  version: number;
  /** Absent once its retention has ended. */
  sealed?: SealedContent;
  createdAt: number;
  updatedAt: number;
}

export interface SubjectFindingRecord {
  statement: StatementRecord;
  concerns?: boolean;
  comparedBy?: string;
  /** The question to the originator, once it is signed. */
  referral?: Digest;
  /** What it was, where a second officer had to release it. */
  draft?: string;
  draftState?: DraftWrite['state'];
  unreachable?: string;
}

export interface ErasureRecord {
  ref: Digest;
  erasedAt: number;
  /** From then on no copy of it can come back: the key over its key is destroyed. */
  goneAt?: number;
}

/** Something encrypted, whose key can be wrapped anew. `name` is what its additional data are made of. */
export interface WrappedKey {
  table: 'content' | 'draft' | 'shipment' | 'declaration' | 'quarantine' | 'watch' | 'webhook' | 'attachment' | 'subject_request';
  row: string;
  name: string;
  wrappedKey: Uint8Array;
  kekId: string;
}

/** Of what is encrypted once and never changed; `born` tells one from a later one of the same name. */
export interface LivingKey {
  table: 'content' | 'attachment';
  /** Base64url. */
  name: string;
  born: number;
  wrappedKey: Uint8Array;
  kekId: string;
}

export interface StatementFilter {
  own?: boolean;
  exercise?: boolean;
  state?: StatementState;
}

/** Seconds since the epoch, both inclusive. */
export interface TimeRange {
  from?: number;
  to?: number;
}

/** Holds where one of the alternatives does; an alternative where each of its parts does; a part where one of its tokens stands. */
export type SearchCondition = Uint8Array[][][];

/** All of it must hold. */
export interface SearchQuestion extends StatementFilter {
  after?: string;
  limit: number;
  conditions: SearchCondition[];
  kinds?: string[];
  originators?: string[];
  issued?: TimeRange;
  validFrom?: TimeRange;
  validUntil?: TimeRange;
  purpose: string;
  /** Pseudonym of who searches. */
  reader: string;
  now: number;
}

export interface WatchRecord extends Pick<WatchWrite, 'id' | 'state' | 'author' | 'unit' | 'sealed'> {
  version: number;
  entries: number;
  /** Everything that was there before the list was held against it. */
  complete: boolean;
  createdAt: number;
  updatedAt: number;
}

export interface WatchHit {
  ref: Digest;
  fields: string[];
  statement: StatementRecord;
}

export interface ReleaseRecord extends NewRelease {
  epoch: number;
  position: number;
  state: 'queued' | 'held' | 'quarantined' | 'refused' | 'void';
  code?: string;
  offeredAt?: number;
  receipt?: Digest;
  receiptAt?: number;
  /** Its originator has recalled the statement, or parts of it. */
  recalled: boolean;
  /** One officer released it alone, and nobody has decided on that yet: until then another must. */
  confirmBy?: number;
  /** What the recipient's receipt said; it stays when the release is offered again. */
  verdict?: Verdict;
}

export interface ReceivedRecord extends NewReceived {
  receivedAt: number;
}

/** Enough of it to judge what comes again. */
export type KnownReceived = Pick<ReceivedRecord, 'digest' | 'jti' | 'verdict' | 'code' | 'receipt'>;

export interface InboxRecord extends ReceivedRecord {
  inboxState: 'new' | 'seen' | 'taken';
  takenBy?: string;
  statementRecord?: StatementRecord;
  position: number;
}

/** A receipt of ours that its recipient has not taken yet, and what it says. */
export interface UnsentReceipt {
  digest: Digest;
  jwt: string;
  releases: { jti: string; verdict: Verdict; code?: string }[];
}

export interface QuarantineRecord {
  from: string;
  release: Digest;
  code: string;
  reason: string;
  at: number;
  sealed?: SealedContent;
}

export interface PeerRecord extends PeerWrite {
  pinnedAt: number;
}

export interface DraftRecord extends Omit<DraftWrite, 'expectVersion'> {
  version: number;
  createdAt: number;
  updatedAt: number;
}

export interface ShipmentRecord extends Pick<ShipmentWrite, 'id' | 'version' | 'state' | 'direction' | 'sealed' | 'draft'> {
  createdAt: number;
  updatedAt: number;
}

/** One thing that happened, as subscribers are told it: names, no content. */
export interface Happening extends NewNotice {
  /** Its place: `after: cursor` gives what follows. */
  cursor: string;
  at: number;
}

export interface WebhookRecord extends Omit<WebhookWrite, 'state'> {
  /** `dead`: given up after failing for days, until somebody sets it to active again. */
  state: 'active' | 'paused' | 'dead' | 'removed';
  createdAt: number;
  updatedAt: number;
  /** How far it was told. */
  after: string;
  attempts: number;
  failingSince?: number;
  failure?: string;
  deliveredAt?: number;
}

export type LogName = 'exchange' | 'access';

/** The life of one history of logs and feeds: docs/protocol.md section 9.5. */
export interface EpochRecord {
  epoch: number;
  openedAt: number;
  /** Null for the first, whose name nobody had to choose. */
  origin: string | null;
  reason: string;
  /** Leaves of each log. */
  exchange: number;
  access: number;
}

/** `origin` is null as long as nobody named the log of this epoch. */
export interface LogHead {
  epoch: number;
  origin: string | null;
  /** Of the tree of the blocks that are closed. */
  size: number;
  root: Uint8Array;
  /** Size of the checkpoint that covers everything there is, the open block too. */
  reach: number;
}

/** Cut by this node, with what witnesses have signed below it: the latest word of each. */
export interface CheckpointRecord {
  epoch: number;
  size: number;
  root: Uint8Array;
  note: string;
  at: number;
  /** `witness` is an entity id, `line` one signature line of the note. */
  cosignatures: { witness: string; line: string; at: number }[];
}

/** A checkpoint of a peer's log, as the peer signed it. */
export interface PeerCheckpoint {
  peer: string;
  origin: string;
  size: number;
  root: Uint8Array;
  note: string;
  at: number;
  /** This node has cosigned it. */
  cosignedAt?: number;
}

/** Root of the access log that became a leaf of the exchange log. */
export interface AccessRoot {
  day: number;
  epoch: number;
  size: number;
  root: Uint8Array;
  at: number;
}

/** `out`: of this node. `in`: of the peer. */
export type Direction = 'out' | 'in';

export interface AuditRelease {
  direction: Direction;
  peer: string;
  /** Null, as the position, for one that came in and is on no page. */
  epoch: number | null;
  position: number | null;
  digest: Digest;
  statement: Digest | null;
  jwt: string | null;
  /** Outgoing: queued, held, quarantined, refused, void. Incoming: the verdict. */
  state: string;
}

/** One release of a statement, with the receipt that answers it. */
export interface AuditTrail extends Omit<AuditRelease, 'statement'> {
  receipt: { digest: Digest; jwt: string } | null;
}

export interface AuditReceipt {
  direction: Direction;
  peer: string;
  digest: Digest;
  jwt: string;
}

export interface AgreementRecord {
  digest: Digest;
  revision: number;
  jws: string;
  payload: unknown;
  /** Parties whose signature was verified. */
  signedBy: string[];
  /** In the order in which they were stored. */
  acts: (NewAgreementAct & { at: number })[];
  answers: (NewDenunciationAnswer & { at: number })[];
}
