import example from '../../data/examples/consent.json' with { type: 'json' };
import { externalConsent } from '../body-members.js';
import type { StatementInput } from '../envelope.js';
import { annotate } from '../schema/annotate.js';
import { code, elements, handle, nodeId, optional, record, text } from '../schema/members.js';
import { consentMembers, fields, grantedScope } from './consent-scope.js';
import type { Kind } from './kind.js';

const refused = { properties: { decision: { const: 'REFUSED' } }, required: ['decision'] };

const body = annotate(
  'body',
  'N0',
  record(
    {
      ...consentMembers(),
      decision: code('consent-decision', { 'x-search': 'consent_decision' }),
      /** The agency that asked, and that may act upon it; nobody else. */
      holder: nodeId(),
      /** One disclosure each: an agency that gets the statement by this consent learns of no other. */
      to_whom: optional(elements(record({ id: handle('R'), node: nodeId() }), 50)),
      scope: optional(grantedScope()),
      /** What of it a person may be told, where he is; absent: all. */
      told: optional(fields()),
      conditions: optional(text(2000)),
      /** Without it nobody could tell a lawful refusal from a whim. */
      refusal: optional(code('refusal')),
      ...externalConsent(),
    },
    {
      if: refused,
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { refusal: {} }, required: ['refusal'] },
    },
  ),
);

/**
 * The originator's decision on a request, or its withdrawal: then it supersedes the one that it withdraws. It travels with what is passed
 * on by it, with as many of its parts as the onward recipient must see.
 */
export const consent: Kind = {
  name: 'consent',
  ver: '1.0',
  mark: 'CON',
  body,
  relates: { contains: { type: 'object', properties: { type: { const: 'consents_to' } }, required: ['type'] } },
  senders: ['CUS', 'LIC', 'POL', 'FIU', 'INT', 'SAN', 'JUD', 'MAR', 'REG'],
  states: {
    statement: { IN_FORCE: ['WITHDRAWN', 'ENDED'], WITHDRAWN: [], ENDED: [] },
    addressee: { SENT: ['DELIVERED'], DELIVERED: [] },
  },
  deadlines: { terms: {} },
  validity: { maximumDays: 731 },
  decides: { decision: 'decision', list: 'consent-decision', ground: 'refusal' },
  example: example as StatementInput,
};
