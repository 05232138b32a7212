import example from '../../data/examples/alert.json' with { type: 'json' };
import { byNarrativeClass, commonMembers, elementLists, externalConsent } from '../body-members.js';
import { grading } from '../elements/grading.js';
import type { StatementInput } from '../envelope.js';
import { annotate } from '../schema/annotate.js';
import { classed, code, codes, flag, list, optional, record, text, time, whole } from '../schema/members.js';
import type { Kind } from './kind.js';

const suspicion = record({
  code: code('red-flag', { 'x-search': 'red_flag' }),
  note: optional(text(500)),
  weight: whole(1, 3),
});
/** Asked of every addressee, or of those of one agency type; naming a node would tell the others of it. */
const requestedAction = record({
  code: code('action', { 'x-search': 'action' }),
  by: optional(code('agency-type')),
  until: optional(time()),
});

const body = annotate(
  'body',
  'N0',
  record(
    {
      alert_kind: code('alert-kind', { 'x-search': 'alert_kind' }),
      title: text(120, { 'x-search': 'word' }),
      narrative: classed(byNarrativeClass, text(4000, { 'x-search': 'word' })),
      suspicions: list(suspicion, 32),
      offence_hypothesis: code('offence-hypothesis', { 'x-search': 'offence' }),
      grading: grading(),
      urgency: code('urgency', { 'x-search': 'urgency' }),
      action_requested: list(requestedAction, 20),
      contact_before_action: flag(),
      contact_role: optional(code('role')),
      warning_codes: optional(classed('P1', codes('warning', 8))),
      right_of_reply_ref: optional(text(80)),
      ...externalConsent(),
      ...commonMembers(),
      ...elementLists(),
    },
    { dependentRequired: { narrative: ['narrative_class'] } },
  ),
);

/** Tells partners of a suspicion or a fact and says what is asked of them. */
export const alert: Kind = {
  name: 'alert',
  ver: '1.0',
  mark: 'ALT',
  body,
  relates: {},
  senders: ['CUS', 'LIC', 'POL', 'SAN', 'MAR', 'FIU', 'INT'],
  states: {
    statement: {
      DRAFT: ['SUBMITTED'],
      SUBMITTED: ['RELEASED', 'REJECTED_INTERNALLY'],
      REJECTED_INTERNALLY: ['SUBMITTED'],
      RELEASED: ['IN_FORCE', 'RECALLED'],
      IN_FORCE: ['SUSPENDED', 'EXPIRED', 'CLOSED', 'SUPERSEDED', 'RECALLED'],
      SUSPENDED: ['IN_FORCE', 'EXPIRED', 'CLOSED', 'SUPERSEDED', 'RECALLED'],
      EXPIRED: [],
      CLOSED: [],
      SUPERSEDED: [],
      RECALLED: [],
    },
    addressee: {
      SENT: ['DELIVERED'],
      DELIVERED: ['ACKNOWLEDGED'],
      ACKNOWLEDGED: ['ACCEPTED', 'ACCEPTED_WITH_LIMITS', 'NOT_APPLIED'],
      ACCEPTED: [],
      ACCEPTED_WITH_LIMITS: [],
      NOT_APPLIED: [],
    },
  },
  deadlines: { by: { member: 'urgency', list: 'urgency' }, terms: {} },
  validity: { maximumDays: 731, by: { member: 'alert_kind', list: 'alert-kind' } },
  example: example as StatementInput,
};
