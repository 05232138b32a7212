import { classed, code, elements, handle, matching, optional, record, time } from '../schema/members.js';
import { place } from './route.js';

/** What happened to the shipment, and when. */
export const events = elements(
  classed(
    'N0',
    record(
      {
        id: handle('E'),
        event_type: code('event-type', { 'x-search': 'event' }),
        at: time({ 'x-search': 'day' }),
        ...place(),
        source_grade: optional(matching('^[A-FX]$', 1)),
      },
      { dependentRequired: { lat: ['lon'], lon: ['lat'] } },
    ),
  ),
  200,
);
