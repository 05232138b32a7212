import type { Digest, DraftWrite, NewReceived, NewRelease, NewStatement, PeerWrite, SealedContent, ShipmentWrite } from './act.js';

/** `next` is opaque and exclusive: `after: next` gives what follows. */
export interface Page<T> {
  items: T[];
  next?: string;
}

export interface StatementRecord extends NewStatement {
  position: number;
  storedAt: number;
}

export interface ReleaseRecord extends NewRelease {
  epoch: number;
  position: number;
  state: 'queued' | 'held' | 'quarantined' | 'refused' | 'void';
  code?: string;
  offeredAt?: number;
  receipt?: Digest;
  receiptAt?: number;
}

export interface ReceivedRecord extends NewReceived {
  receivedAt: number;
}

export interface InboxRecord extends ReceivedRecord {
  inboxState: 'new' | 'seen' | 'taken';
  takenBy?: string;
  statementRecord?: StatementRecord;
  position: number;
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

export type LogName = 'exchange' | 'access';

/** `origin` is null as long as nobody named the log of this epoch. */
export interface LogHead {
  epoch: number;
  origin: string | null;
  size: number;
  root: Uint8Array;
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

export interface AuditReceipt {
  direction: Direction;
  peer: string;
  digest: Digest;
  jwt: string;
}
