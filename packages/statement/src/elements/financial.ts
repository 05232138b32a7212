import { classed, code, country, day, decimal, elements, handle, identifier, optional, record, text } from '../schema/members.js';
import { byPartyKind } from './parties.js';

/** Payments. The account of a company is C1, that of a person P1; the sum is commercial secrecy in both. */
export const financial = elements(
  classed(
    byPartyKind('holder_kind', 'C1'),
    record(
      {
        id: handle('F'),
        holder_kind: code('party-kind'),
        iban: optional(identifier({ 'x-check': 'IBAN', 'x-search': 'iban' }, 40)),
        account: optional(identifier({ 'x-search': 'account' })),
        bic: optional(identifier({ 'x-check': 'BIC', 'x-search': 'bic' }, 20)),
        bank_name: optional(text(200, { 'x-search': 'name' })),
        bank_country: optional(country()),
        payer_name: optional(text(200, { 'x-search': 'name' })),
        payer_party_id: optional(handle('P')),
        payee_party_id: optional(handle('P')),
        date: optional(day({ 'x-search': 'day' })),
        amount: optional(classed('C1', decimal())),
        currency: optional(classed('C1', code('currency'))),
      },
      { dependentRequired: { amount: ['currency'], currency: ['amount'] } },
    ),
  ),
  100,
);
