import example from '../../data/examples/correction.json' with { type: 'json' };
import { byNarrativeClass, commonMembers, itself } from '../body-members.js';
import type { StatementInput } from '../envelope.js';
import { annotate } from '../schema/annotate.js';
import { classed, code, digest, elements, flag, handle, matching, optional, record, text, time } from '../schema/members.js';
import { everyAgency, type Kind, reversalStates, target } from './kind.js';

/** One disclosure that was wrong, and what is right. It goes to those who may see the class of what it is about. */
const change = classed(
  { by: 'data_class', map: itself, otherwise: 'P1' },
  record({
    id: handle('K'),
    /** Digest of the disclosure that was wrong. */
    part: digest(),
    data_class: code('data-class'),
    /** JSON pointer into the statement that is corrected. */
    field: matching('^(/[A-Za-z0-9_]{1,60}){1,8}$', 500),
    /** Absent: nothing stands there. */
    value: optional(text(4000)),
  }),
);

const body = annotate(
  'body',
  'N0',
  record(
    {
      reason: code('recall-reason'),
      comply_by: time(),
      applies_to_derivatives: flag(),
      explanation: optional(classed(byNarrativeClass, text(1000))),
      changes: elements(change, 200),
      ...commonMembers(),
    },
    { dependentRequired: { explanation: ['narrative_class'] } },
  ),
);

/** Says which parts of a statement were wrong and what is right. It counts only from the target's originator. */
export const correction: Kind = {
  name: 'correction',
  ver: '1.0',
  mark: 'COR',
  body,
  relates: target('corrects'),
  senders: everyAgency,
  states: reversalStates,
  deadlines: { terms: { comply: { working_days: 5 } } },
  validity: { maximumDays: 3653 },
  ungranted: true,
  ends: 'corrects',
  example: example as StatementInput,
};
