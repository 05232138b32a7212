import type { Consignment } from './consignment.js';

export type Direction = 'export' | 'import' | 'transit';
export type DeclarationFunction = 'new' | 'amend' | 'cancel';

/** One message: a declaration, or an amendment or cancellation of one that was lodged before. */
export interface Declaration {
  function: DeclarationFunction;
  /** Country whose authority is declared to, from the metadata. */
  country?: string;
  /** Absent where an amendment or cancellation does not say. */
  direction?: Direction;
  /** Type as declared, for instance `EXD`, `IMA`, `COR`, `INV`. */
  type: string;
  /** Movement reference number: the customs authority's. A new declaration often has none yet. */
  mrn?: string;
  /** Local reference number: the declarant's. An amendment and a cancellation repeat it. */
  lrn?: string;
  /** Unique consignment references, DUCR and MUCR among the previous documents included. */
  ids: string[];
  /** Issue or acceptance, RFC 3339. */
  issued?: string;
  /** Words of the sender for an amendment or cancellation. */
  reason?: string;
  reason_codes: string[];
  amendments: PointerPath[];
  consignment: Consignment;
}

/** From the declaration down to what an amendment changes: WCO class and, at the end, attribute. */
export interface PointerPath {
  steps: { section: string; sequence?: number }[];
  /** WCO identifier of an attribute of the last section; the whole section where absent. */
  tag?: string;
  line: number;
  column: number;
}
