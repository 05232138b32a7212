import type { AgreementAct, FeedPlace } from '@entente/policy';
import type { Alg, Digest, JWK, Use } from '@entente/seal';

export type { Digest };

/** AES-GCM ciphertext and its wrapped key; made and opened outside of the store. */
export interface SealedContent {
  ciphertext: Uint8Array;
  wrappedKey: Uint8Array;
  kekId: string;
}

/** A key wrapped outside of the store. */
export type SealedKey = Omit<SealedContent, 'ciphertext'>;

/**
 * Everything that one act adds: all or nothing, in one transaction with what others commit at that moment. The store assigns positions,
 * chains and log leaves. Times are seconds since the epoch.
 */
export interface Act {
  /** What the act was decided on, read again in the transaction; `stale` if it no longer holds. */
  require?: { activePeers?: string[]; agreementsInForce?: AgreedBetween[] };
  idempotency?: Idempotency;
  /** One that is there already is left as it is. Another digest under the same issuer and jti: `jti_reused`. */
  statements?: NewStatement[];
  /** Of one officer alone, until another has looked at them. */
  singleReleases?: NewSingleRelease[];
  /** `version_conflict` where it is decided already, `too_late` at the limit or after it; only `lapsed` is taken then, and not before. */
  singleReleaseDecisions?: SingleReleaseDecision[];
  contents?: NewContent[];
  /** Attachments that contents name. `key` serves where it is not here yet. */
  attachmentUses?: { ref: Digest; name: Uint8Array; bytes: number; key: SealedKey }[];
  releases?: NewRelease[];
  /** One that is there already is left as it is, unless it is quarantined and the new verdict is final. */
  received?: NewReceived[];
  /** Ours, kept until sent, and sent again when asked. `sent`: the peer gave it back and needs it no more. */
  receipts?: { to: string; digest: Digest; jwt: string; sent?: true }[];
  /** Ours, which the peer has taken. */
  receiptsSent?: { to: string; digests: Digest[] }[];
  /** Theirs. One that contradicts a final verdict is kept as evidence and changes nothing. */
  receiptsHeld?: ReceiptHeld[];
  voids?: NewVoid[];
  voidsIn?: { from: string; epoch: number; position: number; digest: Digest; code: string; jwt: string }[];
  pagesIn?: PageIn[];
  quarantine?: NewQuarantine[];
  peers?: PeerWrite[];
  agreements?: AgreementWrite[];
  /** One that is there already is left as it is. Another one under the same agreement, party and number: `version_conflict`. */
  agreementActs?: NewAgreementAct[];
  /** The first answer of a party to a denunciation stays. */
  denunciationAnswers?: NewDenunciationAnswer[];
  ownKeys?: OwnKeyWrite[];
  drafts?: DraftWrite[];
  declarations?: NewDeclaration[];
  shipments?: ShipmentWrite[];
  watches?: WatchWrite[];
  inbox?: { release: Digest; state: 'seen' | 'taken'; by: string }[];
  /** What no other record stands for. The same event of the same peer, release, statement and code is noted once. */
  notices?: NewNotice[];
  webhooks?: WebhookWrite[];
  /** Contents to be destroyed, with their keys and tokens. */
  erasures?: { ref: Digest }[];
  /** Recalls, corrections and replacements, whether their target is here or not; one that is there already is left as it is. */
  reversals?: NewReversal[];
  /** Who asks whom for a decision; one that is there already is left as it is. */
  requests?: NewRequest[];
  /** The first answer of a partner to a request counts. */
  requestAnswers?: RequestAnswer[];
  /** What reversals changed here. */
  reversed?: Reversed[];
  /** This node's answer to a reversal of another. */
  answers?: ReversalAnswer[];
  /** What holders answered. */
  compliances?: NewCompliance[];
  /** Contents of which something goes, or nothing may be found any more. */
  contentChanges?: ContentChange[];
  /** What may be matched now, see `NewContent.waitsFor`. */
  matched?: { ref: Digest; tokens: Uint8Array[] }[];
  holds?: HoldWrite[];
  /** Requests of persons about what is held of them. */
  subjectRequests?: SubjectRequestWrite[];
  /** One that is found again is left as it is. */
  subjectFindings?: SubjectFindingWrite[];
  kekDestroyed?: string[];
  access?: AccessEntry[];
  /** Root of the access log, for the exchange log. */
  accessRoot?: AccessRootWrite;
}

/** An agreement that two nodes have both signed, and that neither has stopped. */
export interface AgreedBetween {
  digest: Digest;
  between: [string, string];
}

/** The same key with the same request is answered with the stored answer, and nothing is written again. */
export interface Idempotency {
  actor: string;
  key: string;
  requestHash: Uint8Array;
  respond: (committed: Committed) => { status: number; body: unknown };
}

export interface Committed {
  at: number;
  releases: { to: string; digest: Digest; epoch: number; position: number }[];
  /** The idempotency key was known: this was the answer then, and nothing was written now. */
  replayed?: { status: number; body: unknown };
}

export type Verdict = 'held' | 'quarantined' | 'refused';

export interface NewStatement {
  digest: Digest;
  iss: string;
  /** UUID. */
  jti: string;
  kind: string;
  ver: string;
  exercise: boolean;
  iat: number;
  validFrom: number;
  validUntil: number;
  jwt: string;
  /** The open claims, derived from the token. */
  claims: unknown;
  own: boolean;
  author?: string;
  releaser?: string;
  /** An agreement or a rule asked for one: then author and releaser are two persons. */
  secondOfficer?: boolean;
  /** With `secondOfficer` and the same author and releaser: the statement itself where one released it alone, or the one that this recall ends. */
  singleRelease?: Digest;
  /** The releaser's act as JSON text, which the log names by its SHA-256. */
  releaseAct?: string;
  urgency?: string;
  checks?: unknown;
}

export interface NewSingleRelease {
  statement: Digest;
  kind: string;
  /** Pseudonym of who released it. */
  officer: string;
  confirmBy: number;
}

export interface SingleReleaseDecision {
  statement: Digest;
  outcome: 'confirmed' | 'rejected' | 'lapsed';
  /** Pseudonym of another officer; absent where the limit decides. */
  by?: string;
  /** What he decided and why, as JSON text. */
  act?: string;
  /** The statement that ends what is not confirmed. */
  recall?: Digest;
}

export interface NewContent {
  /** Digest of the statement at its originator, of the release at a recipient. */
  ref: Digest;
  statement: Digest;
  sealed: SealedContent;
  tokens: Uint8Array[];
  /** Erased by the clock then; absent: no limit. */
  expiresAt?: number;
  reviewAt?: number;
  /** The peer whose feed must be read to its end before anything is matched with it: until then its tokens find nothing. */
  waitsFor?: string;
}

export type ReversalType = 'recalls' | 'corrects' | 'supersedes';

export interface NewReversal {
  /** The statement that says it. */
  statement: Digest;
  kind: string;
  type: ReversalType;
  iss: string;
  target: Digest;
  own: boolean;
  effect?: string;
  /** Digests of disclosures; of a recall, none is the whole. */
  parts: Digest[];
  complyBy: number;
}

export interface Reversed {
  reversal: Digest;
  /** Content that it was applied to; `stopped` can still be erased. */
  ref?: Digest;
  state?: 'stopped' | 'done';
  /** Own statement that rests on what was reversed. */
  derivative?: Digest;
}

export interface ReversalAnswer {
  reversal: Digest;
  outcome: string;
  keptUntil?: number;
  /** The statement of compliance. */
  statement: Digest;
  kind: string;
}

export interface NewRequest {
  statement: Digest;
  kind: string;
  /** This node asks. */
  own: boolean;
  /** Who is asked, or who asks. */
  peer: string;
  replyBy: number;
}

export interface RequestAnswer {
  request: Digest;
  /** As of the request. */
  peer: string;
  outcome: 'answered' | 'refused';
  /** Ground of the refusal. */
  code?: string;
  /** The statement that says it. */
  answer: Digest;
}

export interface NewCompliance {
  statement: Digest;
  kind: string;
  reversal: Digest;
  from: string;
  outcome: string;
  keptUntil?: number;
}

export interface ContentChange {
  ref: Digest;
  sealed: SealedContent;
  tokens: Uint8Array[];
  /** Parts of it are gone: the log says so. */
  erased: boolean;
  /** Attachments that it does not name any more; what nothing else names goes with it. */
  forgets?: Uint8Array[];
}

export type HoldWrite = { statement: Digest; by: string } & ({ reason: string } | { lift: true });

export interface NewRelease {
  to: string;
  jti: string;
  digest: Digest;
  statement: Digest;
  kind: string;
  jwt: string;
  bytes: number;
  disclosed: Digest[];
  agreement: Digest;
  retainUntil: number;
  purposes: string[];
  onward: string;
  /** 0 recall, 1 immediate, up to 4 routine. */
  urgency: number;
  iat: number;
  by: string;
  /** With `secondOfficer`: who wrote the statement, another person than `by`. */
  author?: string;
  secondOfficer?: boolean;
  /** As of the statement. */
  singleRelease?: Digest;
  /** Statement by which the originator has consented; for what another agency has signed. */
  consent?: Digest;
}

export interface NewReceived {
  from: string;
  jti: string;
  digest: Digest;
  statement: Digest | null;
  kind: string | null;
  jwt: string | null;
  disclosed: Digest[];
  agreement: Digest | null;
  purposes: string[];
  retainUntil: number | null;
  onward: string | null;
  replyBy: number | null;
  /** Pseudonyms of those who alone may read it; null: nobody is named. */
  readers: string[] | null;
  verdict: Verdict;
  code?: string;
  receipt: Digest;
}

export interface ReceiptHeld {
  from: string;
  digest: Digest;
  jwt: string;
  items: { release: Digest; verdict: Verdict; code?: string }[];
}

export interface NewVoid {
  to: string;
  epoch: number;
  position: number;
  digest: Digest;
  code: 'recalled' | 'withdrawn';
  jwt: string;
}

export interface PageIn {
  from: string;
  epoch: number;
  first: number;
  last: number;
  chain: Uint8Array;
  digest: Digest;
  /** Digest, kind, bytes. */
  entries: [Digest, string, number][];
  jws: string;
}

/** What came, kept encrypted for 30 days. */
export interface NewQuarantine {
  from: string;
  release: Digest;
  code: string;
  reason: string;
  sealed?: SealedContent;
  bytes: number;
}

export interface PeerWrite {
  id: string;
  state: 'active' | 'suspended' | 'removed';
  thumbprint: string;
  name: string;
  country: string;
  agencyType: string;
  /** The entity configuration as received. */
  configuration: string;
  configurationIat: number;
  federationUrl: string;
  /** The highest classification that the link to it may carry. */
  ceiling: string;
  /** Ground on which personal data are transferred to it. */
  transferBasis: string;
  keys: OwnKeyWrite[];
  certificates: { fingerprint: string; pem: string }[];
}

export interface OwnKeyWrite {
  kid: string;
  use: Use;
  alg: Alg;
  jwk: JWK;
  notBefore: number;
  notAfter: number;
  revokedAt?: number;
  compromisedFrom?: number;
}

export interface AgreementWrite {
  digest: Digest;
  /** The revision that was read, 0 = new: `version_conflict` if another signature came meanwhile. */
  expectRevision: number;
  id: string;
  version: number;
  jws: string;
  payload: unknown;
  parties: string[];
  signedBy: string[];
  effective: number;
  expires: number;
  supersedes?: Digest;
}

export interface NewAgreementAct {
  digest: Digest;
  agreement: Digest;
  party: string;
  seq: number;
  act: AgreementAct['act'];
  jwt: string;
}

export interface NewDenunciationAnswer {
  digest: Digest;
  /** Digest of the act. */
  denunciation: Digest;
  agreement: Digest;
  iss: string;
  aud: string;
  sent: FeedPlace;
  received: FeedPlace;
  jwt: string;
}

export type DraftState = 'draft' | 'submitted' | 'released' | 'rejected' | 'discarded';

/** Members that are absent stay as they are. */
export interface DraftWrite {
  id: string;
  /** 0 = new. */
  expectVersion: number;
  state: DraftState;
  kind: string;
  author: string;
  unit: string;
  addressees: string[];
  /** The statement as it stands. */
  sealed?: SealedContent;
  /** Fields that are still open. */
  open: number;
  /** Shipment that it was made from. */
  source?: string;
  decidedBy?: string;
  reason?: string;
  checklist?: unknown;
  statement?: Digest;
  /** The statement, where its author released it alone. */
  singleRelease?: Digest;
}

export interface NewDeclaration {
  /** HMAC of the bytes handed in. */
  fingerprint: Uint8Array;
  shipment: string;
  function: 'new' | 'amend' | 'cancel';
  sealed: SealedContent;
}

export interface ShipmentWrite {
  id: string;
  /** HMAC of the movement or local reference number. */
  reference: Uint8Array;
  /** The version before + 1; 1 = new. */
  version: number;
  state: 'declared' | 'amended' | 'cancelled';
  direction: string;
  sealed: SealedContent;
  draft?: string;
}

export interface NewNotice {
  /** Name of the event as subscribers know it. */
  event: string;
  peer: string;
  kind?: string;
  release?: Digest;
  statement?: Digest;
  code?: string;
}

/** With a secret: a new one, that is told what happens from then on. Without: one that is there, changed. */
export interface WebhookWrite {
  id: string;
  url: string;
  /** Names of events; others are not told. */
  events: string[];
  /** `removed` is for ever, and its secret goes. */
  state: 'active' | 'paused' | 'removed';
  sealed?: SealedContent;
  createdBy: string;
}

export interface WatchWrite {
  id: string;
  /** 0 = new. A removed list is none: its name can be used again by nobody. */
  expectVersion: number;
  state: 'active' | 'removed';
  author: string;
  unit: string;
  /** Name, note and what is looked for. */
  sealed?: SealedContent;
  /** An entry matches a content that has, for each part, one of its tokens; `field` is what the flag names. */
  entries: { field: string; token: Uint8Array }[][][];
}

/** The whole row, but for what never changes after registration: right, channel, `receivedAt`, `registeredBy`. */
export interface SubjectRequestWrite {
  id: string;
  /** 0 = new. */
  expectVersion: number;
  state: 'open' | 'proposed' | 'answered';
  right: string;
  channel: string;
  identity: string;
  receivedAt: number;
  dueAt: number;
  extended: boolean;
  searchedAt?: number;
  outcome?: string | undefined;
  ground?: string | undefined;
  registeredBy: string;
  composedBy?: string | undefined;
  /** Another person than `composedBy`. */
  confirmedBy?: string;
  answeredAt?: number;
  /** Who asks, what he says, what he is answered. */
  sealed: SealedContent;
}

/** A statement in which he was found; whether it is about him; how its originator was asked, or why it cannot be. */
export type SubjectFindingWrite = { request: string; statement: Digest } & (
  | { foundBy: string }
  | { concerns: boolean; comparedBy: string }
  | { draft?: string; referral?: Digest; unreachable?: string; referredBy: string }
);

/** One per day, counted from the epoch in UTC. */
export interface AccessRootWrite {
  day: number;
  epoch: number;
  size: number;
  root: Uint8Array;
}

export interface AccessEntry {
  actor: string;
  role: string;
  operation: 'LOGIN' | 'COLLECT' | 'ALTER' | 'CONSULT' | 'SEARCH' | 'DISCLOSE' | 'EXPORT' | 'ERASE' | 'KEY_USE' | 'REFUSED';
  object?: string;
  purpose?: string;
  justification?: string;
  recipients?: string[];
  code?: string;
  request_id?: string;
}
