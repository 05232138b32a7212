import type { Finding } from '../finding.js';
import type { Survey } from './survey.js';

/** `person`: data alone do not answer it; what they say is given to whoever does. */
export type Outcome = 'holds' | 'fails' | 'person';

export interface Judgement {
  outcome: Outcome;
  /** One sentence, with the figures. */
  says: string;
  /** What does not hold: digests, positions, places. */
  records: string[];
}

/** One check of an inspection. */
export interface Check {
  id: string;
  title: string;
  judge(survey: Survey): Judgement;
}

const judged = (bad: readonly (string | number)[], good: string, fault: string): Judgement =>
  bad.length === 0 ? { outcome: 'holds', says: good, records: [] } : { outcome: 'fails', says: fault, records: bad.map(String) };
const forPerson = (says: string): Judgement => ({ outcome: 'person', says, records: [] });
const listed = (of: ReadonlyMap<string, number>): string => [...of].map(([name, times]) => `${name} ${times}`).join(', ') || 'none';
const place = ({ check, object, position, what }: Finding): string =>
  `${check} ${object}${position === null ? '' : ` at ${position}`}: ${what}`;

const ofLogs: ReadonlySet<string> = new Set(['checkpoint', 'epoch', 'entries', 'leaf', 'root', 'tile', 'page', 'void']);
const ofSignatures: ReadonlySet<string> = new Set(['statement', 'release', 'receipt', 'agreement', 'peer', 'configuration']);
const findings = ({ verification }: Survey, of: ReadonlySet<string>): string[] =>
  verification.findings.filter(({ check }) => of.has(check)).map(place);

/** What an auditor or a data-protection authority checks, as far as the data of a node can answer it. */
export const checks: readonly Check[] = [
  {
    id: 'AU-01',
    title: 'The exchange log is complete and unaltered',
    judge: (survey) => {
      const logs = survey.verification.logs.map(
        ({ origin, size, checkpoints, cosigned }) =>
          `${origin}: ${size} entries, ${checkpoints} checkpoints, ${cosigned.checkpoints} cosigned`,
      );
      return judged(findings(survey, ofLogs), `Every entry gives the signed roots. ${logs.join('; ')}.`, 'The log does not hold.');
    },
  },
  {
    id: 'AU-02',
    title: 'Every statement, release and receipt has a valid signature of a key that was valid then',
    judge: (survey) =>
      judged(
        findings(survey, ofSignatures),
        `All ${survey.verification.signatures} signed objects verify with the keys in their histories.`,
        'Some signatures do not hold.',
      ),
  },
  {
    id: 'AU-03',
    title: 'Four eyes',
    judge: ({ statements: { byOne, byTwo, single } }) => {
      const alone = `${single.settled} were released by one alone and confirmed in time or recalled, ${single.open} wait for that.`;
      if (single.unsettled.length > 0)
        return {
          outcome: 'fails',
          says: 'What one officer released alone was neither confirmed in time nor recalled.',
          records: single.unsettled,
        };
      return byOne.length === 0
        ? {
            outcome: 'holds',
            says: `All ${byTwo} other own statements were released by another officer than their author. ${alone}`,
            records: [],
          }
        : {
            outcome: 'person',
            says: `${byTwo} own statements were released by a second officer; ${byOne.length} by their author, which an agreement must allow for each. ${alone}`,
            records: byOne,
          };
    },
  },
  {
    id: 'AU-06',
    title: 'The audience is limited',
    judge: ({ releases: { out, audience } }) =>
      forPerson(`${out} releases; a statement went to ${audience.mean.toFixed(1)} partners on average, ${audience.most} at most.`),
  },
  {
    id: 'AU-07',
    title: 'What was passed on has the consent of its originator',
    judge: ({ releases: { onward } }) =>
      judged(
        onward.without,
        `${onward.withConsent} releases of statements of others, each with a consent.`,
        'Statements of others were released without a consent.',
      ),
  },
  {
    id: 'AU-08',
    title: 'Consultations have a purpose and a justification',
    judge: ({ access }) =>
      judged(
        access.withoutReason,
        `By purpose: ${listed(access.byPurpose)}. ${access.atNight} reads at night (22 to 6, UTC); one officer read at most ${access.mostInAnHour} times in an hour. Whether each was needed, a person must judge.`,
        'Some reads name no purpose or no justification.',
      ),
  },
  {
    id: 'AU-10',
    title: 'Recalls and corrections are answered',
    judge: ({ releases: { reversals } }) =>
      judged(
        [...reversals]
          .filter(([, { sent, answered }]) => answered < sent)
          .map(([peer, { sent, answered }]) => `${peer}: ${answered} of ${sent}`),
        `Every partner has answered every recall and correction: ${[...reversals.values()].reduce((sum, { sent }) => sum + sent, 0)}.`,
        'Some partners still owe an answer.',
      ),
  },
  {
    id: 'AU-12',
    title: 'Persons who ask about themselves are answered in legal time',
    judge: ({ subjects: { byStanding, late } }) =>
      judged(late, `Requests: ${listed(byStanding)}.`, 'Some are overdue, or were answered late.'),
  },
  {
    id: 'AU-13',
    title: 'Transfers have a basis',
    judge: ({ releases: { byBasis } }) => {
      const missing = byBasis.get('undefined') ?? 0;
      return judged(missing > 0 ? [`${missing} releases`] : [], `By basis: ${listed(byBasis)}.`, 'Some releases name no basis.');
    },
  },
  {
    id: 'AU-18',
    title: 'Access to the logs is logged, and the access log is protected from administrators',
    judge: (survey) =>
      judged(
        findings(survey, new Set(['access'])),
        `${survey.access.entries} entries are what their leaves say: ${listed(survey.access.byOperation)}; ${survey.access.refused} refused attempts.`,
        'Entries of the access log were altered or removed.',
      ),
  },
  {
    id: 'AU-22',
    title: 'The statistics can be reproduced',
    judge: ({ log, statements: { own, byKind } }) => {
      const issued = log.get('issued') ?? 0;
      const says = `From the log: ${listed(log)}. Statements by kind: ${listed(byKind)}.`;
      // Statements stored while the log was read are in the tables and not yet in it.
      return judged(issued > own ? [`${issued} leaves, ${own} statements`] : [], says, 'The log names more statements than there are.');
    },
  },
];

/** Checks that data cannot answer at all: a person looks at samples, files and the organisation. */
export const beyondData: readonly { id: string; title: string }[] = [
  { id: 'AU-04', title: 'Legal basis and necessity, by samples against case files' },
  { id: 'AU-05', title: 'Entry threshold for persons, by samples against factual indications' },
  { id: 'AU-09', title: 'Retention: review dates and maxima (the node lists what is due)' },
  { id: 'AU-11', title: 'Data quality: grading, refuted hits' },
  { id: 'AU-14', title: 'Special categories and minors: necessity' },
  { id: 'AU-15', title: 'Automated matching: a person confirms before anything coercive' },
  { id: 'AU-16', title: 'Security: accounts, leavers, patching, restored backups, key ceremonies' },
  { id: 'AU-17', title: 'Breach register: notified in 72 hours' },
  { id: 'AU-19', title: 'Denial and undercut discipline' },
  { id: 'AU-20', title: 'Freezes: homonyms, exemptions' },
  { id: 'AU-21', title: 'Sealed operations: need to know, unsealed in time' },
];
