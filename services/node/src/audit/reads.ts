/** What an auditor's program reads of the store to reconcile two nodes: everything that was signed, in the order in which it was stored, no content. */
import type { Digest } from '@entente/seal';
import type { Page } from '@entente/store';

export type Direction = 'out' | 'in';
interface Query {
  after?: string;
  limit: number;
}

export interface AuditReads {
  auditReleases(q: Query & { direction?: Direction; peer?: string }): Promise<Page<AuditRelease>>;
  auditReceipts(q: Query & { direction?: Direction; peer?: string }): Promise<Page<AuditReceipt>>;
  auditPages(q: Query & { direction: Direction; peer: string }): Promise<Page<AuditPage>>;
  auditVoids(q: Query & { direction?: Direction; peer?: string }): Promise<Page<AuditVoid>>;
}

export interface AuditRelease {
  direction: Direction;
  peer: string;
  epoch: number;
  /** Place on the feed; null for one that came in and is on no page yet. */
  position: number | null;
  digest: Digest;
  statement: Digest | null;
  /** Null where the release was refused and not kept. */
  jwt: string | null;
  /** Outgoing: queued, held, quarantined, refused, void. Incoming: the verdict. */
  state: string;
}

/** `out`: signed by this node. `in`: signed by the peer. */
export interface AuditReceipt {
  direction: Direction;
  peer: string;
  digest: Digest;
  jwt: string;
}

export interface AuditPage {
  epoch: number;
  first: number;
  last: number;
  jws: string;
}

export interface AuditVoid {
  direction: Direction;
  peer: string;
  epoch: number;
  position: number;
  digest: Digest;
  code: string;
  jwt: string;
}
