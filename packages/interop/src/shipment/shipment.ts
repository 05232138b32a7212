import { InteropError } from '../error.js';
import { compact } from '../wco/compact.js';
import type { Consignment } from '../wco/consignment.js';
import type { Declaration, Direction } from '../wco/declaration.js';

export type ShipmentState = 'declared' | 'amended' | 'cancelled';

/** A consignment as the last message about it leaves it. JSON, `snake_case`. */
export interface Shipment extends Consignment {
  /** MRN if the first message had one, else the LRN; stays the same when an amendment brings the MRN. */
  reference: string;
  mrn?: string;
  lrn?: string;
  /** Unique consignment references. */
  ids: string[];
  state: ShipmentState;
  direction: Direction;
  /** Country whose authority is declared to. */
  country?: string;
  /** Type as declared, for instance `EXD`. */
  type: string;
  issued?: string;
  /** Amendments and the cancellation, in the order in which they were applied. */
  changes: ShipmentChange[];
}

export interface ShipmentChange {
  function: 'amend' | 'cancel';
  reason?: string;
  reason_codes: string[];
}

/** The shipment that a new declaration starts. Throws `unsupported_function` for an amendment or cancellation, `missing_element` without any reference. */
export function shipmentOf(declaration: Declaration): Shipment {
  if (declaration.function !== 'new')
    throw new InteropError('unsupported_function', `the message is to ${declaration.function}, not a new declaration`);
  const reference = declaration.mrn ?? declaration.lrn;
  if (reference === undefined) throw new InteropError('missing_element', 'the declaration has neither MRN nor LRN');
  if (declaration.direction === undefined)
    throw new InteropError('bad_value', `type ${declaration.type} is neither export, import nor transit`);
  return compact({
    reference,
    mrn: declaration.mrn,
    lrn: declaration.lrn,
    ids: declaration.ids,
    state: 'declared' as const,
    direction: declaration.direction,
    country: declaration.country,
    type: declaration.type,
    issued: declaration.issued,
    changes: [],
    ...declaration.consignment,
  });
}

/**
 * Whether an amendment or cancellation is about this shipment. The MRN decides where both have one. A shipment often has none yet, for customs hands it
 * out in an answer that is not seen here: then the LRN decides, which amendments and cancellations repeat.
 */
export function isAbout(declaration: Declaration, shipment: Shipment): boolean {
  if (declaration.mrn !== undefined && shipment.mrn !== undefined) return declaration.mrn === shipment.mrn;
  return declaration.lrn !== undefined && declaration.lrn === shipment.lrn;
}

/** The cancelled shipment; what was declared stays readable. */
export function cancelShipment(shipment: Shipment, declaration: Declaration): Shipment {
  return changed(shipment, declaration, 'cancel', 'cancelled');
}

/** The shipment in a new state with the change on record; throws `wrong_target`, `already_cancelled` or `unsupported_function`. */
export function changed(shipment: Shipment, declaration: Declaration, expected: 'amend' | 'cancel', state: ShipmentState): Shipment {
  if (declaration.function !== expected)
    throw new InteropError('unsupported_function', `the message is to ${declaration.function}, not to ${expected}`);
  if (!isAbout(declaration, shipment)) throw new InteropError('wrong_target', 'the message names another declaration');
  if (shipment.state === 'cancelled') throw new InteropError('already_cancelled', 'the declaration was cancelled before');
  const change = compact({ function: expected, reason: declaration.reason, reason_codes: declaration.reason_codes });
  const mrn = shipment.mrn ?? declaration.mrn;
  return { ...shipment, ...(mrn !== undefined && { mrn }), state, changes: [...shipment.changes, change] };
}
