import example from '../../data/examples/compliance.json' with { type: 'json' };
import { commonMembers, provision } from '../body-members.js';
import type { StatementInput } from '../envelope.js';
import { annotate } from '../schema/annotate.js';
import { code, optional, record, time, whole } from '../schema/members.js';
import { everyAgency, type Kind, target } from './kind.js';

const exception = { properties: { outcome: { const: 'EXCEPTION' } }, required: ['outcome'] };

const body = annotate(
  'body',
  'N0',
  record(
    {
      outcome: code('compliance-outcome'),
      done_at: time(),
      /** The law that keeps the holder from erasing, and until when. */
      provision: optional(provision()),
      kept_until: optional(time()),
      /** Statements of the holder's own that rest on the target and were marked or corrected. */
      derived_corrected: whole(0, 1_000_000),
      /** Nodes to which the holder had passed the target on, with consent, and which were told. */
      onward_informed: whole(0, 10_000),
      ...commonMembers(),
    },
    {
      if: exception,
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { provision: {}, kept_until: {} }, required: ['provision', 'kept_until'] },
    },
  ),
);

/** A holder's signed answer to a recall or correction. */
export const compliance: Kind = {
  name: 'compliance',
  ver: '1.0',
  mark: 'CPL',
  body,
  relates: target('replies_to'),
  senders: everyAgency,
  states: { statement: { GIVEN: [] }, addressee: { SENT: ['DELIVERED'], DELIVERED: [] } },
  deadlines: { terms: {} },
  validity: { maximumDays: 3653 },
  ungranted: true,
  example: example as StatementInput,
};
