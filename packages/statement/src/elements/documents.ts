import { classed, code, country, day, decimal, elements, handle, identifier, matching, optional, record, text } from '../schema/members.js';

/** Documents seen. Their terms are apart as C1. `national_code` is the code of the declaration system, e.g. X002. */
export const documents = elements(
  classed(
    'N1',
    record(
      {
        id: handle('D'),
        doc_type: code('document-type', { 'x-search': 'document_type' }),
        national_code: optional(matching('^[A-Z0-9]{1,8}$', 8, { 'x-search': 'document_code' })),
        number: optional(identifier({ 'x-search': 'document' }, 70)),
        issuer_party_id: optional(handle('P')),
        issuer_country: optional(country()),
        issued_on: optional(day()),
        valid_until: optional(day()),
        authenticity: optional(code('authenticity')),
        sha256: optional(matching('^[0-9a-f]{64}$', 64)),
        terms: optional(classed('C1', text(1000))),
        amount: optional(classed('C1', decimal())),
        currency: optional(classed('C1', code('currency'))),
      },
      { dependentRequired: { amount: ['currency'], currency: ['amount'] } },
    ),
  ),
  200,
);
