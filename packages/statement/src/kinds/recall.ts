import example from '../../data/examples/recall.json' with { type: 'json' };
import { byNarrativeClass, commonMembers } from '../body-members.js';
import type { StatementInput } from '../envelope.js';
import { annotate } from '../schema/annotate.js';
import { classed, code, digest, flag, list, optional, record, text, time } from '../schema/members.js';
import { everyAgency, type Kind, reversalStates, target } from './kind.js';

const body = annotate(
  'body',
  'N0',
  record(
    {
      reason: code('recall-reason'),
      effect: code('recall-effect'),
      /** Digests of the disclosures that are recalled; absent: the statement as a whole. */
      parts: optional(list(digest(), 200, { uniqueItems: true })),
      comply_by: time(),
      applies_to_derivatives: flag(),
      explanation: optional(classed(byNarrativeClass, text(1000))),
      ...commonMembers(),
    },
    { dependentRequired: { explanation: ['narrative_class'] } },
  ),
);

/** Withdraws a statement, or parts of it, from everybody who holds it. It counts only from the target's originator. */
export const recall: Kind = {
  name: 'recall',
  ver: '1.0',
  mark: 'RCL',
  body,
  relates: target('recalls'),
  senders: everyAgency,
  states: reversalStates,
  deadlines: { by: { member: 'reason', list: 'recall-reason' }, terms: {} },
  validity: { maximumDays: 3653 },
  ungranted: true,
  ends: 'recalls',
  example: example as StatementInput,
};
