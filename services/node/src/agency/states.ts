/** Where a statement and its releases stand: derived from what is signed and from the clock, never kept. */
import type { InboxRecord, ReleaseRecord, StatementRecord, StatementState } from '@entente/store';
import { Type } from 'typebox';

export const statementState = Type.Enum(['RELEASED', 'IN_FORCE', 'EXPIRED', 'SUPERSEDED', 'RECALLED'], {
  description:
    'Recalled as a whole or replaced by its originator; else by the clock of this node: before `valid_from`, from then on, and from `valid_until` on.',
});

export function stateOf(
  { validFrom, validUntil, reversals }: Pick<StatementRecord, 'validFrom' | 'validUntil' | 'reversals'>,
  now: number,
): StatementState {
  if (isRecalled({ reversals })) return 'RECALLED';
  if (reversals.some(({ type }) => type === 'supersedes')) return 'SUPERSEDED';
  return now >= validUntil ? 'EXPIRED' : now >= validFrom ? 'IN_FORCE' : 'RELEASED';
}

/** As a whole: what is left of it when parts are recalled may be used. */
export const isRecalled = ({ reversals }: Pick<StatementRecord, 'reversals'>): boolean =>
  reversals.some(({ type, whole }) => type === 'recalls' && whole);

export const addresseeStates = ['QUEUED', 'SENT', 'DELIVERED', 'QUARANTINED', 'REFUSED', 'WITHDRAWN'] as const;
export type AddresseeState = (typeof addresseeStates)[number];

export const addresseeState = Type.Enum([...addresseeStates], {
  description:
    'How far it is with this addressee: `QUEUED` until it was first offered, `SENT` until the addressee has signed a receipt, then `DELIVERED`, `QUARANTINED` or `REFUSED` as that says; `WITHDRAWN` when it may no longer leave.',
});

const ofVerdict = { held: 'DELIVERED', quarantined: 'QUARANTINED', refused: 'REFUSED' } as const;

/** What a receipt said stays true when the release is offered again. */
export function addresseeStateOf({ state, verdict, offeredAt }: ReleaseRecord): AddresseeState {
  if (state === 'void') return 'WITHDRAWN';
  if (verdict !== undefined) return ofVerdict[verdict];
  if (state !== 'queued') return ofVerdict[state];
  return offeredAt === undefined ? 'QUEUED' : 'SENT';
}

/** Of what came in, seen from here. */
export const deliveryStateOf = ({ verdict }: Pick<InboxRecord, 'verdict'>): AddresseeState => ofVerdict[verdict];
