import type { Leaf } from '@entente/ledger';
import { digestOf, SealError } from '@entente/seal';
import type { Finding, Report } from '../finding.js';
import type { Identity } from '../identity.js';
import type { AuditSource, Batch, EpochItem, NodeConfiguration } from '../source.js';

/** What a check of objects may look at. */
export interface Scene {
  source: AuditSource;
  served: NodeConfiguration;
  identity: Identity;
  /** Of the node, the oldest first. */
  epochs: readonly EpochItem[];
  report: Report;
  /** By `direction peer epoch`. */
  feeds: Map<string, Feed>;
  /** Positions of incoming feeds, `peer epoch position`, whose release the sender has voided. */
  voided: Set<string>;
}

export interface FeedResult {
  peer: string;
  direction: 'out' | 'in';
  epoch: number;
  /** Last position that a signed page names. */
  last: number;
  /** Positions that a page names and whose release has neither arrived nor been voided; outgoing: none can be. */
  open: number[];
  /** Positions whose release stands on a page of a later epoch again. */
  moved: { position: number; to: { epoch: number; position: number } }[];
  /** Releases in the log that are on no page yet. */
  unpaged: number;
}

/** A feed in one epoch, as far as its pages were followed. */
export interface Feed {
  result: FeedResult;
  /** SHA-256 chain after the last position, base64url. */
  chain: string;
  /** Where the next epoch says that this one ended, as far as its sender still knew. */
  resumed?: { last: number; chain: string };
  /** Releases after that, by digest: they may stand on a feed again. */
  beyond: Record<string, number>;
}

/** A leaf of the log of one epoch. */
export interface Said {
  leaf: Leaf;
  epoch: number;
}

/**
 * One kind of object that leaves of the exchange log speak of. Objects and leaves find each other by keys; each must find the other.
 */
export interface Evidence<T> {
  name: Finding['check'];
  /** All objects of this kind from a mark on; about in the order of the log, or the check needs memory for those that come out of order. */
  objects(scene: Scene, mark?: string): AsyncIterable<Batch<T>>;
  /** Keys of the leaves that must be there for this object. What it throws with a code is a finding. */
  keys(object: T, scene: Scene): string[] | Promise<string[]>;
  /** The key of the object that must be there for this leaf, if it asks for one of this kind. */
  leafKey(said: Said): string | undefined;
  /** After a restore two objects may say the same of one leaf: one that came back, and one that was given anew. */
  isGivenAgain?: true;
  /**
   * Checks the object against a leaf that names it. Of several leaves the first.
   * @param provenBefore when the log took it in, seconds since the epoch: what a key that was compromised later had signed by then still counts
   */
  verify(object: T, leaf: Leaf | undefined, scene: Scene, provenBefore: number | undefined): void | Promise<void>;
  /** Keys of leaves that may have had an object of their own earlier, which this one has replaced. */
  replaces?(object: T): string[];
  /** How to name it in a finding. */
  label(object: T): string;
  /** A key that no leaf was found for. Default: a finding. */
  unnamed?(key: string, object: T, scene: Scene): void;
  /** A leaf that no object was found for. Default: a finding. */
  unmet?(key: string, said: Said, scene: Scene): void;
}

/** What a configuration lists is short, and comes at once. */
export async function* atOnce<T>(items: T[]): AsyncGenerator<Batch<T>> {
  yield { items };
}

/** The digest that a row states must be that of its text. */
export function assertDigest(text: string, digest: string): void {
  if (digestOf(text) !== digest)
    throw new SealError('bad_claims', 'the text has another digest than the one it is kept under: it was altered');
}

/** For options with exactly optional members. */
export const proven = (provenBefore: number | undefined) => (provenBefore === undefined ? {} : { provenBefore });

export function assertFits(fits: boolean, what: string): void {
  if (!fits) throw new SealError('bad_claims', what);
}
