/** Classes of retention and time limits are data. What they must say is written down here once more, so that no edit of a list goes unseen. */
import t from 'tap';
import { codeList, codeOf, codesOf, retentionTerm } from '../src/index.js';

const day = 86_400;
const year = 365;

/** Days until review, days at most. Undefined: none. */
const classes: Record<string, [review: number | undefined, maximum: number | undefined]> = {
  'R-ALERT-SHIPMENT': [30, year],
  'R-ALERT-PARTY': [year, 5 * year + 1],
  'R-CASE-OPEN': [year, 3 * year],
  'R-CASE-FOUND': [year, 6 * year + 1],
  'R-CASE-SANCTION': [2 * year, 10 * year + 2],
  'R-POSSIBLE-HIT-REFUTED': [undefined, 7],
  'R-DENIAL': [year, 4 * year + 1],
  'R-LICENCE': [undefined, 5 * year + 1],
  'R-FREEZE': [year, undefined],
  'R-STAT': [undefined, undefined],
  'R-LOG': [undefined, 3 * year],
  'R-EXCHANGE-LOG': [undefined, undefined],
};

for (const [id, [review, maximum]] of Object.entries(classes)) {
  t.test(`${id} is reviewed and ends when its class says`, async (t) => {
    t.same(retentionTerm(id), {
      ...(review !== undefined && { review: review * day }),
      ...(maximum !== undefined && { maximum: maximum * day }),
    });
    t.ok(codeOf('retention-class', id)?.label, 'and officers read its name');
  });
}

t.test('R-FREEZE ends five years after it was lifted, and not before it is', async (t) => {
  t.match(codeOf('retention-class', 'R-FREEZE'), { starts: 'lifted', maximum_days: 5 * year + 1 });
});

t.test('there is no class that nobody has looked at, and an unknown one limits nothing', async (t) => {
  t.same(codesOf('retention-class').sort(), Object.keys(classes).sort());
  t.same(retentionTerm('R-NOPE'), {});
});

const limits: Record<string, object> = {
  'police.urgent_direct': { hours: 8, clock: 'elapsed' },
  'police.urgent_indirect': { days: 3, clock: 'calendar' },
  'police.other': { days: 7, clock: 'calendar' },
  'wa.denial.preferred': { days: 30, clock: 'calendar' },
  'wa.denial.max': { days: 60, clock: 'calendar' },
  'wa.undercut_notice.preferred': { days: 30, clock: 'calendar' },
  'wa.undercut_notice.max': { days: 60, clock: 'calendar' },
  'wa.lookback': { years: 3, clock: 'calendar' },
  'eu.denial_validity': { years: 3, clock: 'calendar' },
  'eu.undercut_reply': { days: 10, clock: 'working' },
  'eu.undercut_reply.extended': { days: 30, clock: 'working' },
  'eu.customs_suspension': { days: 10, clock: 'working' },
  'eu.customs_suspension.extended': { days: 30, clock: 'working' },
  'unsc2231.review': { days: 30, clock: 'working', valid_to: '2025-10-18' },
  'eio.ack': { days: 7, clock: 'calendar' },
  'eio.recognition': { days: 30, clock: 'calendar' },
  'eio.execution': { days: 90, clock: 'calendar' },
  'eu.freezing_certificate.urgent': { hours: 48, clock: 'elapsed' },
  'tfs.implementation': { hours: 24, clock: 'elapsed' },
  'led.breach': { hours: 72, clock: 'elapsed' },
  'cwc.s1_transfer_notice': { days: 30, clock: 'calendar' },
  'recall.default': { hours: 72, clock: 'elapsed' },
  'recall.mistaken_identity': { hours: 24, clock: 'elapsed' },
  'correction.default': { days: 5, clock: 'working' },
  'consent.urgent': { days: 2, clock: 'working' },
  'consent.normal': { days: 10, clock: 'working' },
  'feedback.preliminary': { days: 3, clock: 'working' },
  'feedback.final': { days: 30, clock: 'calendar' },
  'licence_check.normal': { days: 2, clock: 'working' },
  'euc.authenticity': { days: 5, clock: 'working' },
  'euc.plc_psv': { days: 60, clock: 'calendar' },
  'euc.dvc': { days: 90, clock: 'calendar' },
  'maa.ack': { days: 5, clock: 'working' },
  'maa.reply': { days: 30, clock: 'calendar' },
  'subject.answer': { months: 1, clock: 'calendar' },
  'subject.extension': { months: 2, clock: 'calendar' },
  'subject.reminder': { days: 7, clock: 'calendar' },
  'single_release.confirm': { hours: 4, clock: 'elapsed' },
};

for (const [key, limit] of Object.entries(limits))
  t.match(codeOf('deadline', key), { ...limit, source: /./ }, `${key}, with its clock and where it comes from`);
t.same(codesOf('deadline').sort(), Object.keys(limits).sort(), 'no time limit that nobody has looked at');

t.test('every reason for a recall has its time limit among them', async (t) => {
  for (const { code, deadline } of codeList('recall-reason').codes) t.ok(limits[String(deadline)], code);
});
