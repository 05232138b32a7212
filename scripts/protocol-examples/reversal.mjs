// The originator corrects the alert of the page, then recalls it; the recipient answers.
import { day, recipient, sender } from './parties.mjs';
import { said, time } from './said.mjs';
import { shownStatement } from './show.mjs';

const corrected = 2 * day;
const recalled = 3 * day;
const answered = recalled + 1800;

export async function reversal(alert) {
  const wrong = alert.disclosures.find(({ pointer }) => pointer === '/body/narrative');
  const correction = await said(alert, {
    name: 'correction',
    iss: sender,
    number: '3',
    offset: corrected,
    rel: [{ type: 'corrects', of: alert.digest }],
    body: {
      reason: 'FACTUALLY_WRONG',
      comply_by: time(corrected + 7 * day),
      applies_to_derivatives: true,
      changes: [
        {
          id: 'K1',
          part: wrong.digest,
          data_class: wrong.dataClass,
          field: wrong.pointer,
          value: 'FACT: 16 rolls in an entrepôt. ASSESSMENT (likely): not textile.',
        },
      ],
    },
  });
  const recall = await said(alert, {
    name: 'recall',
    iss: sender,
    number: '4',
    offset: recalled,
    rel: [{ type: 'recalls', of: alert.digest }],
    body: {
      reason: 'MISTAKEN_IDENTITY',
      effect: 'ERASE',
      comply_by: time(recalled + day),
      applies_to_derivatives: true,
      explanation: 'The container is another one: two digits were read wrongly.',
      narrative_class: 'N0',
    },
  });
  const compliance = await said(alert, {
    name: 'compliance',
    iss: recipient,
    number: '5',
    offset: answered,
    rel: [{ type: 'replies_to', of: recall.digest }],
    body: { outcome: 'COMPLIED', done_at: time(answered), derived_corrected: 0, onward_informed: 1 },
  });
  return {
    correction: shownStatement('A correction of the narrative of section 4.6', correction),
    recall: shownStatement('A recall of the whole', recall),
    compliance: shownStatement('The answer of the recipient, who had passed it on to one agency', compliance),
  };
}
