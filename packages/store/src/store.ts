import type { Act, Committed, Digest, DraftState, OwnKeyWrite, SealedContent, SealedKey, Verdict } from './act.js';
import type { Measures } from './read/measures.js';
import type {
  AccessRoot,
  AgreementRecord,
  AnswerFigure,
  AuditReceipt,
  AuditRelease,
  AuditTrail,
  CheckpointRecord,
  ComplianceRecord,
  DraftRecord,
  DueRecord,
  EpochRecord,
  ErasureRecord,
  Happening,
  HoldRecord,
  InboxRecord,
  KnownReceived,
  LivingKey,
  LogHead,
  LogName,
  Page,
  PeerCheckpoint,
  PeerRecord,
  QuarantineRecord,
  ReceivedRecord,
  ReleaseRecord,
  ReversalRecord,
  SearchQuestion,
  ShipmentRecord,
  SingleReleaseRecord,
  StatementFilter,
  StatementRecord,
  StatementState,
  SubjectFindingRecord,
  SubjectRequestRecord,
  UnsentReceipt,
  WatchHit,
  WatchRecord,
  WebhookRecord,
  WrappedKey,
} from './records.js';

/** Something that other processes of this node, or this one, have committed. Without `peer`: look everywhere, an event may have been missed. */
export interface StoreEvent {
  /** `peer` is the name of the webhook where one was changed. */
  kind: 'feed' | 'inbox' | 'peer' | 'agreement' | 'receipt' | 'notice' | 'webhook' | 'reversal';
  peer?: string;
}

/** Held until disposed, or until `lost` fires because the connection broke: then another process may hold it. */
export interface Claim extends AsyncDisposable {
  lost: AbortSignal;
}

export interface PageToSign {
  epoch: number;
  first: number;
  /** Digest, kind, bytes. */
  entries: [Digest, string, number][];
  chain: Uint8Array;
  /** Of the first page of an epoch that follows another: where the feed stood there, and why it goes on anew. */
  resumes?: { epoch: number; last: number; chain: Uint8Array; reason: string };
}

export interface CheckpointToSign {
  epoch: number;
  size: number;
  root: Uint8Array;
  previous?: { size: number; root: Uint8Array };
}

export interface EpochToOpen {
  epoch: number;
  /** Text for people, at most 500 characters: every partner is told. */
  reason: string;
  origin: (log: LogName, epoch: number) => string;
  /** The last checkpoint of a log; undefined where its key may sign no more. `hashes` reads its tree. */
  sign: (
    log: LogName,
    last: CheckpointToSign,
    hashes: (level: number, index: number, count: number) => Promise<Uint8Array[]>,
  ) => Promise<string | undefined>;
  page: { max: number; sign: (peer: string, page: PageToSign) => Promise<string> };
}

export interface Statements {
  statement(digest: Digest): Promise<StatementRecord | undefined>;
  /** Newest first, stable while others are added. */
  statements(q: StatementFilter & { after?: string; limit: number; kind?: string; iss?: string }): Promise<Page<StatementRecord>>;
  content(ref: Digest): Promise<SealedContent | undefined>;
  /** Of contents that are not erased. */
  contentRefs(statement: Digest): Promise<Digest[]>;
}

/** Bytes that statements name, in encrypted chunks. `name` is a keyed digest of their SHA-256. */
export interface Attachments {
  /** `bytes` are those stored so far. */
  attachment(name: Uint8Array): Promise<{ state: 'partial' | 'complete'; bytes: number; key: SealedKey } | undefined>;
  /** One that is there already is left as it is. */
  beginAttachment(name: Uint8Array, key: SealedKey): Promise<void>;
  /** Destroys the chunks of one that is not complete. */
  restartAttachment(name: Uint8Array): Promise<void>;
  appendChunk(name: Uint8Array, chunk: { number: number; ciphertext: Uint8Array; bytes: number }): Promise<void>;
  chunk(name: Uint8Array, number: number): Promise<Uint8Array | undefined>;
  completeAttachment(name: Uint8Array): Promise<void>;
  /** What a content names; `here` are the bytes stored so far. */
  attachmentUses(ref: Digest): Promise<{ name: Uint8Array; bytes: number; here: number; state: 'partial' | 'complete'; code?: string }[]>;
  /** What the sender of this release gave was not what the statement says. */
  refuseAttachment(ref: Digest, name: Uint8Array, code: string): Promise<void>;
  /** Named by releases that are held, and not whole yet; the oldest first. */
  wantedAttachments(limit: number): Promise<{ ref: Digest; name: Uint8Array; bytes: number; from: string; jti: string }[]>;
  /** Destroys what was begun before then and no content has named; how many. */
  expireAttachments(before: number): Promise<number>;
}

export interface Searching {
  /**
   * Newest first, stable while others are added. A page may hold less than `limit`, also nothing, and still have a `next`: the work for
   * one page is bounded. Found by content is only what the originator, or a living release, lets be used for `purpose`.
   */
  search(q: SearchQuestion): Promise<Page<StatementRecord>>;
  /** Statements that have the token, oldest first; of more than `limit` the latest. */
  bearing(token: Uint8Array, limit: number): Promise<StatementRecord[]>;
}

/** Watch lists that are not removed, and what matched them, as far as the reader may use it now. */
export interface Watches {
  watch(id: string): Promise<WatchRecord | undefined>;
  /** Newest first. */
  watches(q: { after?: string; limit: number }): Promise<Page<WatchRecord>>;
  /** Newest content first; `ref` as of `NewContent`. */
  watchHits(id: string, q: { after?: string; limit: number; reader: string }): Promise<Page<WatchHit>>;
  /** Which lists the contents matched, the oldest list first. */
  flags(refs: Digest[], reader: string): Promise<{ ref: Digest; watch: WatchRecord; fields: string[] }[]>;
  /** Holds a slice of what came before against the oldest list that is behind. False: none is, or others are at them. */
  matchPast(): Promise<boolean>;
}

/** What one officer released alone. */
export interface SingleReleases {
  singleRelease(statement: Digest): Promise<SingleReleaseRecord | undefined>;
  /** Newest first. */
  singleReleases(q: {
    after?: string;
    limit: number;
    outcome?: 'undecided' | NonNullable<SingleReleaseRecord['outcome']>;
  }): Promise<Page<SingleReleaseRecord>>;
  /** Undecided, and the limit has passed; the oldest first. */
  singleReleasesDue(now: number): Promise<SingleReleaseRecord[]>;
}

export interface Answers {
  answerFigures(now: number): Promise<AnswerFigure[]>;
}

export interface Outgoing {
  releasesOf(statement: Digest): Promise<ReleaseRecord[]>;
  /** What waits for the peer, by urgency, then position; of the kinds in `without` only what was never offered. */
  offers(peer: string, limit: number, without?: readonly string[]): Promise<ReleaseRecord[]>;
  /** Of what was not offered before. */
  markOffered(peer: string, offers: readonly Pick<ReleaseRecord, 'epoch' | 'position'>[]): Promise<void>;
  releaseByJti(peer: string, jti: string): Promise<ReleaseRecord | undefined>;
  /** A plain RFC 8936 recipient's word, without receipts: takes what is queued off the queue. What a receipt said stays as it is. */
  acknowledge(peer: string, said: { jtis: string[]; refused: { jti: string; code: string }[] }): Promise<void>;
  /** Offers again everything after a position that is not void, also what was acknowledged; the number of releases. */
  requeue(peer: string, epoch: number, after: number, kinds?: string[]): Promise<number>;
  feed(peer: string): Promise<{
    epoch: number;
    size: number;
    chain: Uint8Array;
    paged: number;
    queued: number;
    refused: number;
    lastReceiptAt?: number;
  }>;
  /** Signs the next page under the lock of the feed's head, if there is something for it. True: there are releases for another one. */
  cutPage(peer: string, max: number, sign: (page: PageToSign) => Promise<string>): Promise<boolean>;
  /** Pages that end at `from` or later. */
  pages(peer: string, epoch: number, from: number, limit: number): Promise<{ first: number; last: number; jws: string }[]>;
  /** Pages of the present epoch after the position that the recipient has a page for. */
  pagesAfter(peer: string, after: { epoch: number; position: number }, limit: number): Promise<string[]>;
  voidOf(peer: string, epoch: number, position: number): Promise<string | undefined>;
  voidsFrom(peer: string, epoch: number, from: number): Promise<{ position: number; jwt: string }[]>;
  /** What recipients refused and was not released to them again since, newest first. */
  deadLetters(q: { after?: string; limit: number }): Promise<Page<ReleaseRecord>>;
  /** One of them by the digest of its release. */
  deadLetter(release: Digest): Promise<ReleaseRecord | undefined>;
}

export interface Incoming {
  /** What came from the peer as one of these releases, or under one of their names. What verified under a name comes before what was only called by it, the latest first. */
  knownReceived(from: string, asked: readonly { digest: Digest; jti: string }[]): Promise<KnownReceived[]>;
  /** Newest first; of every verdict unless one is asked for. */
  received(q: {
    after?: string;
    limit: number;
    state?: 'new' | 'seen' | 'taken';
    kind?: string;
    from?: string;
    verdict?: Verdict;
    /** Of the statement that came. */
    statementState?: StatementState;
  }): Promise<Page<InboxRecord>>;
  receivedByDigest(release: Digest): Promise<InboxRecord | undefined>;
  /** Every release by which a statement came and was held, also where its content was erased since. */
  receivedOf(statement: Digest): Promise<ReceivedRecord[]>;
  receiptByDigest(digest: Digest): Promise<{ to: string; jwt: string } | undefined>;
  unsentReceipts(peer: string): Promise<UnsentReceipt[]>;
  /** What the pages accepted so far say: epoch, last position, chain. */
  feedIn(peer: string, epoch?: number): Promise<{ epoch: number; last: number; chain: Uint8Array }>;
  /** Where a page of the peer places a release. */
  placeIn(peer: string, release: Digest): Promise<{ epoch: number; position: number } | undefined>;
  /** On a page taken in at or before `before`, neither received nor void; the first thousand. */
  feedGaps(peer: string, before: number): Promise<{ epoch: number; position: number; digest: Digest }[]>;
  /** Positions of one epoch, from one on, whose release stands on a page of a later epoch again, and where; the first ones. */
  movedIn(
    peer: string,
    epoch: number,
    from: number,
  ): Promise<{ position: number; digest: Digest; to: { epoch: number; position: number } }[]>;
  /** Of these kinds, as the pages say, and neither received nor void; the first ones. */
  entriesOf(peer: string, kinds: readonly string[], limit: number): Promise<{ digest: Digest; kind: string }[]>;
  /** Received at or before `before`, on no page. */
  unpaged(peer: string, before: number): Promise<{ digest: Digest; at: number }[]>;
  /** Newest first, also what has expired. */
  quarantined(q: { after?: string; limit: number }): Promise<Page<QuarantineRecord>>;
  /** The latest of a release. */
  quarantineOf(release: Digest): Promise<QuarantineRecord | undefined>;
  /** What of the peer lies in quarantine with its bytes. */
  quarantineUse(peer: string): Promise<{ items: number; bytes: number }>;
  /** Destroys the bytes of what has lain in quarantine for its 30 days; how many. */
  expireQuarantine(): Promise<number>;
}

export interface Parties {
  peers(): Promise<PeerRecord[]>;
  ownKeys(): Promise<OwnKeyWrite[]>;
}

export interface Agreements {
  /** In the order in which they were stored. */
  agreements(): Promise<AgreementRecord[]>;
  /** What each party has taken in, by the SHA-256 of its text. */
  agreementsTold(): Promise<{ peer: string; document: Digest }[]>;
  agreementTold(peer: string, document: Digest): Promise<void>;
}

export interface Work {
  draft(id: string): Promise<DraftRecord | undefined>;
  /** Newest first. */
  drafts(q: { after?: string; limit: number; state?: DraftState; author?: string }): Promise<Page<DraftRecord>>;
  shipmentByReference(reference: Uint8Array): Promise<ShipmentRecord | undefined>;
  shipment(id: string): Promise<ShipmentRecord | undefined>;
  /** Newest first. */
  shipments(q: { after?: string; limit: number }): Promise<Page<ShipmentRecord>>;
  declarationSeen(fingerprint: Uint8Array): Promise<{ shipment: string } | undefined>;
}

export interface Logs {
  log(name: LogName): Promise<LogHead>;
  leaves(name: LogName, epoch: number, from: number, limit: number): Promise<{ position: number; leaf: Uint8Array }[]>;
  leavesOfPeer(epoch: number, peer: string, from: number, limit: number): Promise<{ position: number; leaf: Uint8Array }[]>;
  /** What the log says of an object, in the order of the log. */
  leavesAbout(name: LogName, epoch: number, digest: Digest, limit: number): Promise<{ position: number; leaf: Uint8Array }[]>;
  /** Tile hashes, for the proofs of the ledger: level 0 are the leaves. */
  hashes(name: LogName, epoch: number, level: number, index: number, count: number): Promise<Uint8Array[]>;
  /** `entry` is null once its retention has ended. */
  accessEntries(epoch: number, from: number, limit: number): Promise<{ position: number; salt: Uint8Array; entry: string | null }[]>;
  /**
   * Fills the open block of the log with padding and has a checkpoint signed over the committed leaves. False, and nothing was written, if
   * nothing but padding was added since the last one, or if another process is at it.
   */
  cutCheckpoint(name: LogName, sign: (checkpoint: CheckpointToSign) => Promise<string>): Promise<boolean>;
  /**
   * Ends the present epoch, whose logs are signed to their last leaf and whose feeds are paged to their last position, and begins this one.
   * False, and nothing was written, if it or a later one is open already.
   */
  openEpoch(next: EpochToOpen): Promise<boolean>;
  /** Every epoch, the oldest first, with the sizes of its logs. */
  epochs(): Promise<EpochRecord[]>;
  latestAccessRoot(): Promise<AccessRoot | undefined>;
  /** From a day on, in order. */
  accessRoots(from: number, limit: number): Promise<AccessRoot[]>;
  /** Of the present epoch unless another is named. */
  latestCheckpoint(name: LogName, epoch?: number): Promise<CheckpointRecord | undefined>;
  /** The one of exactly this size. */
  checkpointAt(name: LogName, epoch: number, size: number): Promise<CheckpointRecord | undefined>;
  /** By size, from one on. */
  checkpoints(name: LogName, epoch: number, from: number, limit: number): Promise<CheckpointRecord[]>;
  /** Of a witness under a checkpoint of the exchange log; its first word for each checkpoint is kept. */
  addCosignature(cosignature: { epoch: number; size: number; witness: string; line: string; at: number }): Promise<void>;
}

export interface Audit {
  /** The latest page of the peer's feed, receipt and checkpoint that it gave, all signed by the peer: what it lost, it can be told by. */
  heldOf(peer: string): Promise<{ page?: string; receipt?: string; checkpoint?: string }>;
  /** What the peer signed for this node and it would need back: receipts that it gave, oldest first, stored here at or after `since`. */
  receiptsFrom(peer: string, q: { since: number; after?: string; limit: number }): Promise<Page<{ digest: Digest; jwt: string }>>;
  /** Its releases that this node holds, oldest first, received at or after `since`. */
  releasesFrom(peer: string, q: { since: number; after?: string; limit: number }): Promise<Page<{ digest: Digest; jwt: string }>>;
  /** Of the feed to a peer, after this position; undefined beyond its end. */
  chainAt(peer: string, epoch: number, position: number): Promise<Digest | undefined>;
  /** Every release, out and in, in the order in which it was stored. One that leaves quarantine moves to the end. */
  allReleases(q: { after?: string; limit: number }): Promise<Page<AuditRelease>>;
  /** Every release of one statement, out and in. */
  trailOf(statement: Digest): Promise<AuditTrail[]>;
  /** Every receipt, given and held, in the order in which it was stored. */
  allReceipts(q: { after?: string; limit: number }): Promise<Page<AuditReceipt>>;
  /** Pages taken in from a peer that end at `from` or later; both, where two contradict each other. */
  pagesIn(peer: string, epoch: number, from: number, limit: number): Promise<{ first: number; last: number; jws: string }[]>;
  /** Voids taken in from a peer, from a position on. */
  voidsIn(peer: string, epoch: number, from: number): Promise<{ position: number; jwt: string }[]>;
}

/** What peers say of their own logs, and what this node has cosigned of it. */
export interface Witnessing {
  /** The largest of each peer and origin. */
  peerCheckpoints(): Promise<PeerCheckpoint[]>;
  /** The largest that is held, wherever it came from, or the first one of exactly this size. */
  peerCheckpoint(peer: string, origin: string, size?: number): Promise<PeerCheckpoint | undefined>;
  /** The largest that this node has cosigned. */
  cosigned(peer: string, origin: string): Promise<PeerCheckpoint | undefined>;
  /** True if it was not held before. Its signature has been verified; also one that contradicts another is kept. */
  keepPeerCheckpoint(checkpoint: Pick<PeerCheckpoint, 'peer' | 'origin' | 'size' | 'root' | 'note'>): Promise<boolean>;
  /**
   * Notes that the checkpoint is about to be cosigned, if `old` is still the size of the largest one that was: at once with the check, so
   * that two requests cannot both grow from the same size. Without: the size that is.
   */
  cosign(
    checkpoint: Pick<PeerCheckpoint, 'peer' | 'origin' | 'size' | 'root' | 'note'>,
    old: number,
  ): Promise<{ cosigned: true; at: number } | { cosigned: false; size: number }>;
  /** Size of the largest checkpoint of this node's own exchange log that the witness has cosigned; 0 without one. */
  cosignedBy(witness: string, epoch: number): Promise<number>;
  /** Two checkpoints of one log and size with two roots. */
  forks(limit: number): Promise<[PeerCheckpoint, PeerCheckpoint][]>;
}

/** Recalls, corrections and replacements, of this node and of others. */
export interface Reversals {
  /** By the digest of the statement that says it. */
  reversal(statement: Digest): Promise<ReversalRecord | undefined>;
  /** Whatever names the targets, of any issuer, the oldest first: only the target's own originator counts. */
  reversalsOf(targets: Digest[]): Promise<ReversalRecord[]>;
  /** Recalls and corrections, newest first. */
  reversals(q: { after?: string; limit: number; own?: boolean }): Promise<Page<ReversalRecord>>;
  /** Oldest first: not applied to everything that is here, not answered, or kept under an exception that has ended. */
  reversalsToDo(now: number): Promise<ReversalRecord[]>;
  appliedOf(statement: Digest): Promise<{ ref: Digest; state: 'stopped' | 'done' }[]>;
  derivativesOf(statement: Digest): Promise<Digest[]>;
  /** The latest answer of each holder. */
  compliancesOf(statement: Digest): Promise<ComplianceRecord[]>;
}

/** What the clock ends, and what keeps it from doing so. */
export interface Retention {
  /** Contents that have expired and are under no legal hold, the longest first. */
  expired(now: number, limit: number): Promise<Digest[]>;
  /** To be reviewed or erased by then, in the order in which they came. */
  due(q: { until: number; after?: string; limit: number }): Promise<Page<DueRecord>>;
  hold(statement: Digest): Promise<HoldRecord | undefined>;
  erasuresOf(statement: Digest): Promise<ErasureRecord[]>;
  /** Contents that wait until the peer's feed was read to its end. Those that a version before 13 of the schema stored have no tokens yet. */
  waiting(peer: string, limit: number): Promise<{ ref: Digest; statement: Digest; recalled: boolean; tokens: Uint8Array[] | null }[]>;
}

/** The register of persons who ask what is held of them. */
export interface Subjects {
  subjectRequest(id: string): Promise<SubjectRequestRecord | undefined>;
  /** Newest first; `dueBy`: not answered, and due then or before. */
  subjectRequests(q: {
    after?: string;
    limit: number;
    state?: SubjectRequestRecord['state'];
    dueBy?: number;
  }): Promise<Page<SubjectRequestRecord>>;
  /** Not answered, and due then or before; the longest first. */
  subjectsDue(by: number): Promise<{ id: string; dueAt: number }[]>;
  /** In the order in which they were found. */
  subjectFindings(request: string): Promise<SubjectFindingRecord[]>;
  /** Destroys who asked and what he was told, of what was answered before then; which requests. */
  forgetSubjects(before: number): Promise<string[]>;
}

/** Keys of whatever is encrypted, wrapped by a key that is not here. */
export interface WrappedKeys {
  /** Wrapped by one of these. */
  wrappedUnder(kekIds: string[], limit: number): Promise<WrappedKey[]>;
  /** A key that changed meanwhile is left as it is. */
  rewrap(keys: (WrappedKey & { was: Uint8Array })[]): Promise<void>;
  /** In the order of `born` and name. */
  livingKeys(table: LivingKey['table'], q: { after: Pick<LivingKey, 'born' | 'name'>; limit: number }): Promise<LivingKey[]>;
  /** Whether a content or attachment is wrapped by none of these. */
  hasForeignKeys(known: string[]): Promise<boolean>;
  /** Gives those whose key none of the known ones opens the key named, if they are still what they were; how many. */
  adoptKeys(table: LivingKey['table'], keys: LivingKey[], known: string[]): Promise<number>;
  /** Names of attachments that none of the known ones opens. */
  lostAttachments(known: string[], limit: number): Promise<Uint8Array[]>;
  /** Its chunks are destroyed, and it is begun anew under another key. */
  renewAttachment(name: Uint8Array, key: SealedKey): Promise<void>;
}

/** What happened, for those who are told without asking. */
export interface Subscriptions {
  /** The place of the latest that happened, or `after` itself if it was reached here: `bad_cursor` if not. */
  happeningsFrom(after?: string): Promise<string>;
  /**
   * In the order in which it was stored, each once, nothing left out: a place reached has everything before it. About `limit` items; `next` is
   * always there, and is `after` itself when nothing followed.
   */
  happenings(q: { after: string; limit: number }): Promise<{ items: Happening[]; next: string }>;
  /** Without those that were removed, in the order of their creation. */
  webhooks(): Promise<WebhookRecord[]>;
  webhook(id: string): Promise<WebhookRecord | undefined>;
  /** Told up to and with `after`; with a time when something was delivered, without when it was passed over. */
  webhookTold(id: string, after: string, deliveredAt?: number): Promise<void>;
  webhookFailed(id: string, how: { attempts: number; failingSince: number; failure: string; dead: boolean }): Promise<void>;
  /** What the actor was answered under this idempotency key. */
  answered(actor: string, key: string): Promise<{ requestHash: Uint8Array; status: number; body: unknown } | undefined>;
}

/** One node's database. Every method rejects with a `StoreError`. */
export interface Store
  extends AsyncDisposable,
    Statements,
    Attachments,
    Searching,
    Watches,
    Outgoing,
    Incoming,
    Parties,
    Agreements,
    Work,
    Logs,
    Witnessing,
    Audit,
    SingleReleases,
    Answers,
    Reversals,
    Retention,
    Subjects,
    WrappedKeys,
    Subscriptions {
  commit(act: Act): Promise<Committed>;
  /** LISTEN, with reconnection. After one, an event of each kind without `peer` stands for what may have been missed. */
  listen(onEvent: (event: StoreEvent) => void): Promise<AsyncDisposable>;
  /** A name that one process at a time can hold; undefined if another does, or this one already. */
  claim(name: string): Promise<Claim | undefined>;
  /** What is there and what waits, for whoever watches the node. */
  measures(): Promise<Measures>;
  /** Throws when the database cannot be used. */
  ready(): Promise<void>;
}
