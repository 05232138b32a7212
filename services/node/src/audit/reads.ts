/** What the audit API reads of the store beyond what the node itself needs: everything that was signed, no content. */
import type { Digest } from '@entente/seal';
import type { Page } from '@entente/store';

export type Direction = 'out' | 'in';

export interface AuditReads {
  /** Every release, out and in, in an order that stays while others are added. */
  allReleases(q: { after?: string; limit: number }): Promise<Page<AuditRelease>>;
  /** Every receipt, given and held, likewise. */
  allReceipts(q: { after?: string; limit: number }): Promise<Page<AuditReceipt>>;
  /** Pages accepted from a peer that end at `from` or later. */
  pagesIn(peer: string, epoch: number, from: number, limit: number): Promise<{ first: number; last: number; jws: string }[]>;
  /** Voids accepted from a peer, from a position on. */
  voidsIn(peer: string, epoch: number, from: number): Promise<{ position: number; jwt: string }[]>;
}

export interface AuditRelease {
  direction: Direction;
  peer: string;
  /** Null for one that came in and is on no page yet, as the position. */
  epoch: number | null;
  position: number | null;
  digest: Digest;
  statement: Digest | null;
  /** Null where the recipient did not keep it. */
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
