import { type ClassByMember, type ClassOfItems, type DataClass, dataClasses } from './data-class.js';
import { documents } from './elements/documents.js';
import { events } from './elements/events.js';
import { financial } from './elements/financial.js';
import { goods } from './elements/goods.js';
import { parties } from './elements/parties.js';
import { route } from './elements/route.js';
import { transport } from './elements/transport.js';
import {
  classed,
  code,
  day,
  digest,
  elements,
  handle,
  identifier,
  list,
  matching,
  optional,
  record,
  text,
  time,
  whole,
} from './schema/members.js';

/** Each class by its own name. */
export const itself = Object.fromEntries(dataClasses.map((c) => [c, c])) as Record<DataClass, DataClass>;
/** Prose is of the class that its author gives it; without his word it counts as personal. */
export const byNarrativeClass: ClassByMember = { by: 'narrative_class', map: itself, otherwise: 'P1' };
/** A list that goes as one disclosure is of the strictest class that one of its items names. */
export const byItems: ClassOfItems = { strictest: 'data_class', otherwise: 'P1' };

export const provision = () => record({ instrument: code('legal-instrument'), provision: text(200) });
/** The bytes travel apart, with the release that discloses this. */
const attachment = classed(
  { by: 'data_class', map: itself, otherwise: 'P1' },
  record({
    id: handle('A'),
    sha256: digest(),
    media_type: matching('^[a-z]+/[a-z0-9.+-]{1,100}$', 120, { 'x-list': 'media-type' }),
    bytes: whole(1, 1099511627776),
    title: text(200),
    data_class: code('data-class'),
    caveat: optional(text(500)),
  }),
);

/** Names the consent of who gave it to this agency from outside the federation, where the handling says that it came from there. */
export const externalConsent = () => ({ external_consent: optional(text(200)) });

/** Body members that every kind may carry; each is one disclosure. */
export const commonMembers = () => ({
  /** Ends in random characters: counters would tell volumes. */
  reference: optional(matching('^[A-Z]{2}-[A-Z0-9]{2,10}-[0-9]{4}-[A-Z]{3}-[A-Z0-9]{6,12}$', 44, { 'x-search': 'reference' })),
  review_by: optional(day()),
  case_ref: optional(identifier({ 'x-search': 'case_ref' })),
  campaign_key: optional(matching('^[A-Z0-9-]{4,40}$', 40, { 'x-search': 'campaign_key' })),
  handling_text: optional(text(500)),
  legal_provisions: optional(list(provision(), 20)),
  entry_threshold_statement: optional(text(1000)),
  ack_by: optional(time()),
  reply_by: optional(time()),
  narrative_class: optional(code('data-class')),
  attachments: optional(elements(attachment, 50)),
});

/** The lists whose elements are disclosed one by one. */
export const elementLists = () => ({
  goods: optional(goods),
  parties: optional(parties),
  transport: optional(transport),
  route: optional(route),
  documents: optional(documents),
  financial: optional(financial),
  events: optional(events),
});
