import { code, codes, list, matching, optional, record, time } from '../schema/members.js';

/** Body members by their pointers, `/body/goods`, or `/rel`. Members and not parts: what is left after redaction has other indices. */
export const fields = () => list(matching('^/(rel|body/[a-z][a-z0-9_]{0,39})$', 50), 50, { uniqueItems: true });

/** What may be done with the statement, and until when. One disclosure: nothing of it can be withheld to make it look wider. */
export const requestedScope = () =>
  record({ fields: fields(), classes: codes('data-class', 6), purposes: codes('purpose', 11), until: time() });
/** `retain_until`: nobody who gets it keeps it longer. */
export const grantedScope = () => record({ ...requestedScope().properties, retain_until: time() });

export const consentMembers = () => ({
  consent_kind: code('consent-kind', { 'x-search': 'consent_kind' }),
  urgency: optional(code('urgency')),
});
