// The alert of the page.
import * as seal from '@entente/seal';
import { kindOf, validateFull } from '@entente/statement';
import { fixedRandom } from '../../packages/seal/dist/scripts/fixed-keys.js';
import { keyOf, must, now, sender } from './parties.mjs';

export const kind = kindOf('alert', '1.0');
export const input = {
  kind: 'alert',
  lang: 'en',
  exercise: true,
  valid_from: '2026-03-02T09:05:00Z',
  valid_until: '2026-04-01T09:05:00Z',
  handling: {
    tlp: 'AMBER+STRICT',
    handling_codes: ['H1'],
    orcon: true,
    onward: { mode: 'PRIOR_CONSENT' },
    purposes: ['CUSTOMS_CONTROL'],
    use_in_proceedings: 'CONSENT_REQUIRED',
    disclosure_to_subject: 'REFER_TO_ORIGINATOR',
    disclosure_to_private_sector: 'FORBIDDEN',
    classification: { scheme: 'NL', level: 'NONE' },
    retention_class: 'R-ALERT-SHIPMENT',
  },
  legal_basis: [{ instrument: 'EU-2021-821', purpose: 'CUSTOMS_CONTROL', jurisdiction: 'NL' }],
  rel: [],
  body: {
    alert_kind: 'SHIPMENT',
    title: 'Carbon fibre declared as textile yarn',
    narrative: 'FACT: 18 rolls in an entrepôt. ASSESSMENT (likely): not textile.',
    narrative_class: 'N0',
    suspicions: [{ code: 'DO01', weight: 3 }],
    offence_hypothesis: 'EXPORT_WITHOUT_LICENCE',
    grading: { scheme: 'ADMIRALTY', source: 'B', information: '2' },
    urgency: 'URGENT',
    goods: [
      {
        id: 'G1',
        description: 'Carbon fibre tow, 12K',
        hs_code: '681511',
        hs_edition: '2022',
        quantity: '900',
        unit: 'KGM',
        value: '76500.00',
        currency: 'EUR',
      },
    ],
    action_requested: [{ code: 'DOCUMENT_CHECK' }],
    contact_before_action: true,
  },
};

export async function issued() {
  const rejected = validateFull(kind, input).filter(({ level }) => level !== 'warn');
  must(rejected.length === 0, `statement ${JSON.stringify(rejected)}`);
  const jti = 'urn:uuid:019cadcc-5ce0-7a11-8f00-00000000c0de';
  const signer = keyOf(sender, 'statement').signer;
  return await seal.issueStatement({ input, kind, iss: sender, iat: now, jti, signer, random: fixedRandom('statement') });
}
