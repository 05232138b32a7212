/** Some items of a list, and the mark from which the next ones are read; without one they are the last. */
export interface Batch<T> {
  items: T[];
  next?: string;
}

/** The life of one history of logs and feeds. */
export interface EpochItem {
  epoch: number;
  reason: string;
  /** Leaves of each log. */
  exchange: number;
  access: number;
}

/** A node's audit API as the checks see it. Everything in an answer is the audited node's word until a check has proven it. */
export interface AuditSource {
  configuration(): Promise<NodeConfiguration>;
  /** Has the node sign a checkpoint over everything that it has committed; the signed note. */
  cutCheckpoint(log: LogName): Promise<string>;
  /** Every epoch, the oldest first; the last is the present one. */
  epochs(): Promise<EpochItem[]>;
  /** Every checkpoint that was ever cut of a log, by size, from one on, with the signatures of its witnesses. */
  checkpoints(log: LogName, epoch: number, from: number): AsyncIterable<{ size: number; note: string }>;
  /** That the tree of `from` leaves is the beginning of that of `to` (RFC 6962 section 2.1.2). */
  consistency(log: LogName, epoch: number, from: number, to: number): Promise<Uint8Array[]>;
  /** Stored hashes of the tree, one after the other (C2SP tlog-tiles), `width` of 1 to 256. Undefined where there is no such tile. */
  tile(log: LogName, epoch: number, level: number, index: number, width: number): Promise<Uint8Array | undefined>;
  /** Leaves of a log in order, from position `from` up to but without `end`. */
  entries(log: LogName, epoch: number, from: number, end: number): AsyncIterable<Entry>;
  /** What the leaves of the access log stand for, in order, from a position on. */
  access(epoch: number, from: number): AsyncIterable<AccessItem>;
  /** These lists are in the order of storing, and go on after a mark. */
  statements(after?: string): AsyncIterable<Batch<StatementItem>>;
  releases(after?: string): AsyncIterable<Batch<ReleaseItem>>;
  receipts(after?: string): AsyncIterable<Batch<ReceiptItem>>;
  /** Pages of one feed in order, those of one answer together, from a position on. Of the latest epoch unless one is named. */
  pages(feed: { peer: string; direction: Direction; epoch?: number }, from?: number): AsyncIterable<PageItem[]>;
  voids(feed: { peer: string; direction: Direction; epoch: number }): Promise<VoidItem[]>;
  /** Requests of persons about themselves, without who asks. */
  subjectRequests(after?: string): AsyncIterable<Batch<SubjectRequestItem>>;
  /** One statement with every release of it. Throws AuditorError `not_found`. */
  trail(statement: string): Promise<Trail>;
  /** The leaves of the exchange log that speak of an object (and of `ref`), with their proofs: under the latest checkpoint, or that of `size`. */
  proofs(epoch: number, about: { digest: string; ref?: string }, size?: number): Promise<LeafProof[]>;
}

export interface Trail extends StatementItem {
  releases: {
    direction: Direction;
    peer: string;
    digest: string;
    jwt: string | null;
    state: string;
    receipt: { digest: string; jwt: string } | null;
  }[];
}

export interface LeafProof {
  index: number;
  leaf: string;
  /** C2SP tlog-proof. */
  proof: string;
}

export type LogName = 'exchange' | 'access';
/** `out`: from the audited node to a peer. */
export type Direction = 'out' | 'in';

export interface NodeConfiguration {
  /** The node's entity configuration, a JWT. */
  configuration: string;
  peers: { id: string; configuration: string }[];
  /** `acts`: what parties have said of it since, and answered to a denunciation; JWTs. */
  agreements: { digest: string; jws: string; acts: string[] }[];
  epoch: number;
}

export interface Entry {
  /** From 0. */
  position: number;
  /** Canonical JSON. */
  leaf: string;
}

export interface AccessItem {
  position: number;
  /** base64url */
  salt: string;
  /** JSON; null once its retention is over. */
  entry: string | null;
}

export interface StatementItem {
  digest: string;
  jwt: string;
  /** Issued by the audited node itself. */
  own: boolean;
  /** As the columns beside the token say. */
  kind?: string;
  originator?: string;
  /** Pseudonyms of who wrote and who released it; only of its own. */
  author?: string;
  releaser?: string;
  /** Where no second officer released it. */
  singleRelease?: SingleReleaseItem;
}

export interface SingleReleaseItem {
  /** The statement that was released so: itself, or the one that this recall ends. */
  of: string;
  /** RFC 3339. */
  confirmBy: string;
  outcome?: string;
  decidedBy?: string;
}

export interface ReleaseItem {
  direction: Direction;
  peer: string;
  digest: string;
  /** Of the feed; null with the position. */
  epoch: number | null;
  /** In the feed, from 1; null for an incoming release that is on no page yet. */
  position: number | null;
  /** Incoming: the verdict, `held`, `quarantined` or `refused`. */
  state: string;
  /** Null where the recipient did not keep it: refused ones, and what lies in quarantine. */
  jwt: string | null;
}

export interface ReceiptItem {
  /** `out`: given by the audited node. */
  direction: Direction;
  peer: string;
  digest: string;
  jwt: string;
}

export interface SubjectRequestItem {
  id: string;
  /** `ON_TIME`, `DUE_SOON`, `OVERDUE`, `ANSWERED`, `ANSWERED_LATE`: against its legal time. */
  standing: string;
}

export interface PageItem {
  first: number;
  last: number;
  jws: string;
}

export interface VoidItem {
  jwt: string;
}
