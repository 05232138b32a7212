import type { StatementInput } from '../envelope.js';
import type { Annotated } from '../schema/members.js';

export interface Term {
  hours?: number;
  days?: number;
  /** calendar months: the same day, or the last one of a shorter month */
  months?: number;
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
  /** goes without a grant between nodes of which one has had a release from the other (docs/protocol.md 8) */
  ungranted?: true;
  /** ends or changes the use of the statement that it names by this open relation, which no other kind may carry; offered first */
  ends?: 'recalls' | 'corrects';
  /** asks for a decision until the time in this body member; silence is none */
  asks?: { replyBy: string };
  /** decides on what it names by `replies_to`: the member that says how, whose list says by `outcome` what that is, and that of the ground */
  decides?: { decision: string; list: string; ground: string };
  /** a complete, valid input, published with the JSON Schema */
  example: StatementInput;
}
export type Transitions = Readonly<Record<string, readonly string[]>>;

/** A kind that is about exactly one other statement. */
export const target = (type: string): Kind['relates'] => ({
  contains: { type: 'object', properties: { type: { const: type } }, required: ['type'] },
  minContains: 1,
  maxContains: 1,
});

/** Who had something to send has something to recall, and whoever receives answers. */
export const everyAgency: Kind['senders'] = ['CUS', 'LIC', 'POL', 'FIU', 'INT', 'SAN', 'JUD', 'MAR', 'REG', 'AUD', 'TRN'];

/** Of a recall or correction, and of each holder's answer to it. */
export const reversalStates: Kind['states'] = {
  statement: {
    DRAFT: ['SUBMITTED'],
    SUBMITTED: ['ISSUED', 'REJECTED_INTERNALLY'],
    REJECTED_INTERNALLY: ['SUBMITTED'],
    ISSUED: ['CLOSED'],
    CLOSED: [],
  },
  addressee: {
    PENDING: ['COMPLIED', 'EXCEPTION', 'OVERDUE'],
    OVERDUE: ['COMPLIED', 'EXCEPTION'],
    COMPLIED: ['CLOSED'],
    EXCEPTION: ['COMPLIED', 'CLOSED'],
    CLOSED: [],
  },
};
