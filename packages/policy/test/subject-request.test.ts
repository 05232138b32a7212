import t from 'tap';
import {
  answerDue,
  type Consultation,
  extendedDue,
  obstacleToAnswer,
  type SubjectFinding,
  subjectObstacleWords,
  subjectStanding,
  tellingOf,
} from '../src/index.js';

const at = (text: string) => Date.parse(text) / 1000;
const [ours, theirs] = ['A'.repeat(43), 'B'.repeat(43)];
const own = (change: Partial<SubjectFinding> = {}): SubjectFinding => ({
  statement: ours,
  own: true,
  marking: 'REFER_TO_ORIGINATOR',
  concerns: true,
  measures: [],
  ...change,
});
const foreign = (change: Partial<SubjectFinding> = {}): SubjectFinding => own({ statement: theirs, own: false, ...change });
const request = (findings: SubjectFinding[], change: object = {}) => ({
  right: 'ACCESS',
  identity: 'CHECKED',
  searched: true,
  findings,
  ...change,
});
const obstacle = (asked: ReturnType<typeof request>, outcome: string, discloses: string[] = [], ground?: string) =>
  obstacleToAnswer(asked, { outcome, discloses, ground });

t.test('DP-08 DP-09 what was found is told once a person has compared it and its originator lets it be told', async (t) => {
  t.equal(tellingOf(foreign({ concerns: undefined })), 'to_be_compared');
  t.equal(tellingOf(foreign({ concerns: false })), 'unrelated');
  t.equal(tellingOf(foreign()), 'to_be_referred');
  t.equal(tellingOf(foreign({ marking: 'PERMITTED' })), 'may_be_told');
  t.equal(tellingOf(foreign({ marking: 'FORBIDDEN', consultation: 'GRANTED' })), 'not_to_be_told', 'the marking stands above');
  t.equal(tellingOf(own()), 'may_be_told', 'nobody else is to be asked');
  t.equal(tellingOf(own({ marking: 'FORBIDDEN' })), 'not_to_be_told');
  for (const open of ['OPEN', 'AWAITING_RELEASE'] as const) t.equal(tellingOf(foreign({ consultation: open })), 'waits_for_originator');
  t.equal(tellingOf(foreign({ consultation: 'GRANTED' })), 'may_be_told');
  for (const no of ['REFUSED', 'LAPSED', 'WITHDRAWN', 'ENDED', 'UNREACHABLE'] as Consultation[])
    t.equal(tellingOf(foreign({ consultation: no })), 'not_to_be_told', `F27 ${no} is no consent`);
});

t.test('DP-09 nothing is answered before identity, search, comparison and the word of the originator', async (t) => {
  t.equal(obstacle(request([], { identity: 'UNCHECKED' }), 'NOTHING_HELD'), 'identity_open');
  t.equal(obstacle(request([], { identity: 'NOT_ESTABLISHED' }), 'NOTHING_HELD'), 'identity_open');
  t.equal(obstacle(request([], { identity: 'NOT_ESTABLISHED' }), 'IDENTITY_NOT_ESTABLISHED'), undefined);
  t.equal(obstacle(request([own()], { identity: 'NOT_ESTABLISHED' }), 'IDENTITY_NOT_ESTABLISHED', [ours]), 'not_disclosable');
  t.equal(obstacle(request([]), 'IDENTITY_NOT_ESTABLISHED'), 'identity_established');
  t.equal(obstacle(request([], { searched: false }), 'NOTHING_HELD'), 'not_searched');
  t.equal(obstacle(request([own({ concerns: undefined })]), 'NEITHER_CONFIRM_NOR_DENY', [], 'RG07'), 'to_be_compared');
  t.equal(obstacle(request([foreign()]), 'NEITHER_CONFIRM_NOR_DENY', [], 'RG07'), 'to_be_referred');
  t.equal(obstacle(request([foreign({ consultation: 'OPEN' })]), 'NEITHER_CONFIRM_NOR_DENY', [], 'RG07'), 'waits_for_originator');
  t.equal(
    obstacle(request([foreign({ consultation: 'OPEN' })], { identity: 'UNCHECKED' }), 'WITHDRAWN'),
    undefined,
    'he may ask no longer',
  );
  t.match(subjectObstacleWords('to_be_referred'), /was not asked/);
});

t.test('DP-09 an answer says no more than every originator lets be said', async (t) => {
  const silenced = request([own(), foreign({ consultation: 'REFUSED' })]);
  t.equal(obstacle(silenced, 'GRANTED', [ours]), 'more_is_held');
  t.equal(obstacle(silenced, 'PARTLY', [ours, theirs], 'RG07'), 'not_disclosable');
  t.equal(obstacle(silenced, 'PARTLY', [ours]), 'ground_missing');
  t.equal(obstacle(silenced, 'PARTLY', [ours], 'RG07'), undefined);
  t.equal(obstacle(silenced, 'PARTLY', [], 'RG07'), 'nothing_disclosed');
  t.equal(obstacle(silenced, 'NOTHING_HELD'), 'something_held');
  t.equal(obstacle(silenced, 'REFUSED', [ours], 'RG07'), 'not_disclosable', 'who refuses tells nothing');
  const nothing = request([foreign({ consultation: 'REFUSED' })]);
  t.equal(obstacle(nothing, 'REFUSED', [], 'RG07'), 'nothing_to_reveal', 'a refusal would confirm');
  t.equal(obstacle(nothing, 'NEITHER_CONFIRM_NOR_DENY', []), 'ground_missing');
  t.equal(obstacle(nothing, 'NEITHER_CONFIRM_NOR_DENY', [], 'RG07'), undefined);
  t.equal(obstacle(request([own({ concerns: false })]), 'NOTHING_HELD'), undefined, 'a namesake is nothing held about him');
  t.equal(obstacle(request([]), 'NEITHER_CONFIRM_NOR_DENY', [], 'RG07'), undefined, 'the same words where nothing is held');
});

t.test('DP-10 what was asked for is granted when the originator has done it', async (t) => {
  const asked = (right: string, measures: string[]) =>
    obstacle(request([foreign({ consultation: 'GRANTED', measures })], { right }), 'GRANTED', [theirs]);
  t.equal(asked('ACCESS', []), undefined);
  t.equal(asked('RECTIFICATION', []), 'not_done');
  t.equal(asked('RECTIFICATION', ['supersedes']), 'not_done');
  t.equal(asked('RECTIFICATION', ['corrects']), undefined);
  for (const right of ['ERASURE', 'RESTRICTION', 'OBJECTION']) {
    t.equal(asked(right, ['corrects']), 'not_done', right);
    t.equal(asked(right, ['recalls']), undefined, right);
  }
});

t.test('AU-12 the legal time: a month, extended once by two before it ends', async (t) => {
  t.equal(answerDue(at('2031-01-31T09:00:00Z')), at('2031-02-28T09:00:00Z'), 'the last day of a shorter month');
  t.equal(answerDue(at('2031-03-05T09:00:00Z')), at('2031-04-05T09:00:00Z'));
  const dueAt = at('2031-04-05T09:00:00Z');
  t.equal(extendedDue({ dueAt, extended: false }, dueAt - 1), at('2031-06-05T09:00:00Z'));
  t.equal(extendedDue({ dueAt, extended: false }, dueAt), undefined, 'not once it is over');
  t.equal(extendedDue({ dueAt, extended: true }, dueAt - 1), undefined, 'not twice');
  t.equal(subjectStanding({ dueAt }, dueAt - 8 * 86_400), 'ON_TIME');
  t.equal(subjectStanding({ dueAt }, dueAt - 7 * 86_400), 'DUE_SOON');
  t.equal(subjectStanding({ dueAt }, dueAt), 'DUE_SOON');
  t.equal(subjectStanding({ dueAt }, dueAt + 1), 'OVERDUE');
  t.equal(subjectStanding({ dueAt, answeredAt: dueAt }, dueAt + 99), 'ANSWERED');
  t.equal(subjectStanding({ dueAt, answeredAt: dueAt + 1 }, dueAt + 99), 'ANSWERED_LATE');
});
