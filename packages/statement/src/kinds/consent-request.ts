import example from '../../data/examples/consent-request.json' with { type: 'json' };
import type { StatementInput } from '../envelope.js';
import { annotate } from '../schema/annotate.js';
import { classed, code, list, nodeId, optional, record, text, time } from '../schema/members.js';
import { consentMembers, requestedScope } from './consent-scope.js';
import type { Kind } from './kind.js';

const passingOn = { properties: { consent_kind: { const: 'ONWARD_TRANSFER' } }, required: ['consent_kind'] };

const members = {
  ...consentMembers(),
  /** Agencies to which it is to be passed on. */
  to_whom: optional(list(nodeId(), 50, { uniqueItems: true })),
  why: text(2000),
  /** The person who asks, where it is to be disclosed to one. */
  subject: optional(classed('P1', text(500))),
  /** What that person asks for, and says; where it is to be told what is held. */
  right: optional(code('subject-right')),
  claim: optional(classed('P1', text(2000))),
  /** Absent where a person is to be told: that is of all that is held. */
  scope: optional(requestedScope()),
  /** When the request lapses. Silence is no consent. */
  reply_by: time(),
};

const body = annotate(
  'body',
  'N0',
  record(members, {
    if: passingOn,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { scope: {} }, required: ['scope'] },
  }),
);

/** A holder asks the originator whether what it holds may be used otherwise than as it was given, e.g. passed on. */
export const consentRequest: Kind = {
  name: 'consent_request',
  ver: '1.0',
  mark: 'CRQ',
  body,
  relates: { contains: { type: 'object', properties: { type: { const: 'replies_to' } }, required: ['type'] } },
  senders: ['CUS', 'LIC', 'POL', 'FIU', 'INT', 'SAN', 'JUD', 'MAR', 'REG'],
  states: {
    statement: {
      OPEN: ['GRANTED', 'REFUSED', 'LAPSED'],
      GRANTED: ['WITHDRAWN', 'ENDED'],
      REFUSED: [],
      LAPSED: [],
      WITHDRAWN: [],
      ENDED: [],
    },
    addressee: { SENT: ['DELIVERED'], DELIVERED: ['ANSWERED', 'LAPSED'], ANSWERED: [], LAPSED: [] },
  },
  deadlines: { terms: { urgent: { working_days: 2 }, normal: { working_days: 10 } } },
  validity: { maximumDays: 366 },
  asks: { replyBy: 'reply_by' },
  example: example as StatementInput,
};
