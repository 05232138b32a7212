import type { StatementInput } from '../envelope.js';
import type { Annotated } from '../schema/members.js';

export interface Term {
  hours?: number;
  days?: number;
  working_days?: number;
}

/** A kind of statement: one file with its schema and its rules as data, one line in the registry. */
export interface Kind {
  /** lower case, e.g. `alert` */
  name: string;
  /** `major.minor` */
  ver: string;
  /** three letters, part of human references, e.g. `ALT` */
  mark: string;
  /** schema of the flat body; every field carries `x-class` and `x-label` */
  body: Annotated;
  /** what the schema of `rel` demands beyond the shape of its items */
  relates: Record<string, unknown>;
  /** agency types that may send it */
  senders: readonly string[];
  /** states of the statement and of each addressee's copy, with what may follow each */
  states: { statement: Transitions; addressee: Transitions };
  /** default time limits; where `by` names a body member, its code in `list` holds them */
  deadlines: { by?: { member: string; list: string }; terms: Record<string, Term> };
  /** longest validity in days; where `by` names a body member, its code in `list` may shorten it */
  validity: { maximumDays: number; by?: { member: string; list: string } };
  /** a complete, valid input, published with the JSON Schema */
  example: StatementInput;
}
export type Transitions = Readonly<Record<string, readonly string[]>>;
