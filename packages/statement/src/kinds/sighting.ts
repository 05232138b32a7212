import example from '../../data/examples/sighting.json' with { type: 'json' };
import { byItems, byNarrativeClass, commonMembers, elementLists, externalConsent } from '../body-members.js';
import { grading } from '../elements/grading.js';
import { place } from '../elements/route.js';
import type { StatementInput } from '../envelope.js';
import { annotate } from '../schema/annotate.js';
import { classed, code, codes, identifier, list, optional, record, text, time } from '../schema/members.js';
import type { Kind } from './kind.js';

const bySchemeOf = { by: 'scheme', list: 'new-identifier' };
const newIdentifier = record({
  scheme: code('new-identifier'),
  value: identifier({ 'x-check': bySchemeOf, 'x-search': bySchemeOf }),
  value_as_seen: optional(text(120)),
  data_class: code('data-class'),
});

const body = annotate(
  'body',
  'N0',
  record(
    {
      match_level: code('match-level', { 'x-search': 'match_level' }),
      matched_on: codes('matched-on', 26, { 'x-search': 'matched_on' }),
      match_confidence: code('confidence'),
      /** What does not match. Mandatory, for it avoids mistaken identity. */
      differences: classed(byNarrativeClass, text(2000)),
      where: record(place()),
      office_type: optional(code('office-type')),
      when: time({ 'x-search': 'day' }),
      goods_status: code('goods-status'),
      decision_needed_by: optional(time()),
      window_closes_at: optional(time()),
      circumstances: optional(classed(byNarrativeClass, text(4000, { 'x-search': 'word' }))),
      new_identifiers: optional(classed(byItems, list(newIdentifier, 50))),
      asks: optional(list(text(300), 20)),
      grading: grading(),
      urgency: optional(code('urgency')),
      ...externalConsent(),
      ...commonMembers(),
      ...elementLists(),
    },
    { dependentRequired: { differences: ['narrative_class'], circumstances: ['narrative_class'] } },
  ),
);

/** A partner's data or officers met what an alert tells of. Only a person makes a possible hit a confirmed one. */
export const sighting: Kind = {
  name: 'sighting',
  ver: '1.0',
  mark: 'SGT',
  body,
  relates: { contains: { type: 'object', properties: { type: { const: 'replies_to' } }, required: ['type'] } },
  senders: ['CUS', 'LIC', 'POL', 'FIU', 'INT', 'SAN', 'JUD', 'MAR', 'REG'],
  states: {
    statement: { POSSIBLE: ['CONFIRMED', 'REFUTED'], CONFIRMED: [], REFUTED: [] },
    addressee: { SENT: ['DELIVERED'], DELIVERED: ['ACKNOWLEDGED'], ACKNOWLEDGED: ['INSTRUCTED'], INSTRUCTED: [] },
  },
  deadlines: {
    terms: { possible_hit_immediate: { hours: 1 }, possible_hit: { hours: 24 }, originator_answer: { hours: 4 } },
  },
  validity: { maximumDays: 366 },
  example: example as StatementInput,
};
