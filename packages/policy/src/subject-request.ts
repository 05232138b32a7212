import { afterTerm, codeOf, deadlineOf } from '@entente/statement';

/** Where the question to an originator stands, whether the person may be told. Only GRANTED is consent. */
export type Consultation = 'AWAITING_RELEASE' | 'OPEN' | 'GRANTED' | 'REFUSED' | 'LAPSED' | 'WITHDRAWN' | 'ENDED' | 'UNREACHABLE';

/** A statement in which a search found the person who asks, or somebody of his name. */
export interface SubjectFinding {
  statement: string;
  own: boolean;
  /** code of the list `disclosure-to-subject`, as its originator marked it */
  marking: string;
  /** whether it is about him; undefined: nobody has compared yet */
  concerns?: boolean | undefined;
  /** absent: its originator was not asked */
  consultation?: Consultation | undefined;
  /** open relations by which its originator has spoken of it since he asked: `corrects`, `recalls` */
  measures: readonly string[];
}

/** What may be told of a finding, and what is still to be done before anything is. */
export type Telling = 'to_be_compared' | 'unrelated' | 'to_be_referred' | 'waits_for_originator' | 'may_be_told' | 'not_to_be_told';

/** The originator decides what is told of its statement; its silence is no consent (Directive (EU) 2016/680 Art. 15, 17). */
export function tellingOf({ own, marking, concerns, consultation }: SubjectFinding): Telling {
  if (concerns === undefined) return 'to_be_compared';
  if (!concerns) return 'unrelated';
  if (marking === 'FORBIDDEN') return 'not_to_be_told';
  if (own || marking === 'PERMITTED') return 'may_be_told';
  if (consultation === undefined) return 'to_be_referred';
  if (consultation === 'OPEN' || consultation === 'AWAITING_RELEASE') return 'waits_for_originator';
  return consultation === 'GRANTED' ? 'may_be_told' : 'not_to_be_told';
}

export interface SubjectRequest {
  /** code of the list `subject-right` */
  right: string;
  /** code of the list `subject-identity` */
  identity: string;
  /** what this node holds was searched for him */
  searched: boolean;
  findings: readonly SubjectFinding[];
}

export interface SubjectAnswer {
  /** code of the list `subject-outcome` */
  outcome: string;
  /** code of the list `refusal`: never told, kept for the supervisory authority */
  ground?: string | undefined;
  /** statements of which the person is told */
  discloses: readonly string[];
}

/** Why an answer cannot be given, in words for whoever composed it. */
const obstacles = {
  identity_open: 'Whether he is who he says is not established: that is all that can be said.',
  identity_established: 'His identity was not found wanting.',
  not_searched: 'What is held here was not searched for him.',
  to_be_compared: 'Something that was found is not compared yet: is it about him?',
  to_be_referred: 'The originator of something that was found was not asked.',
  waits_for_originator: 'An originator has not answered, and its time is not over.',
  ground_missing: 'The ground is missing: it is kept for the supervisory authority.',
  something_held: 'Something about him is held.',
  nothing_to_reveal: 'This would say that something is held, and nothing of it may be told.',
  not_disclosable: 'It names a statement that is not about him, or that may not be told.',
  nothing_disclosed: 'It names nothing of which he is told.',
  more_is_held: 'More is held about him than it names.',
  not_done: 'What he asked for is not done: no correction or recall by the originator is here.',
} as const;

export type SubjectObstacle = keyof typeof obstacles;
export const subjectObstacleWords = (obstacle: SubjectObstacle): string => obstacles[obstacle];

/** Why the answer cannot be given now, or undefined. Used alike when it is composed and when a second person confirms it. */
export function obstacleToAnswer(request: SubjectRequest, answer: SubjectAnswer): SubjectObstacle | undefined {
  const { outcome, ground, discloses } = answer;
  const { reveals, ground: documented } = codeOf('subject-outcome', outcome) as unknown as { reveals: boolean; ground: boolean };
  if (outcome === 'WITHDRAWN') return discloses.length > 0 ? 'not_disclosable' : undefined;
  const notEstablished = request.identity === 'NOT_ESTABLISHED';
  if (outcome === 'IDENTITY_NOT_ESTABLISHED' && !notEstablished) return 'identity_established';
  if (outcome !== 'IDENTITY_NOT_ESTABLISHED' && request.identity !== 'CHECKED') return 'identity_open';
  if (documented && ground === undefined) return 'ground_missing';
  return notEstablished ? beyondTelling(discloses, []) : obstacleInFindings(request, answer, reveals);
}

function obstacleInFindings({ right, searched, findings }: SubjectRequest, { outcome, discloses }: SubjectAnswer, reveals: boolean) {
  if (!searched) return 'not_searched';
  const told = findings.map((finding) => ({ finding, telling: tellingOf(finding) }));
  const open = unfinished.find((telling) => told.some((one) => one.telling === telling));
  if (open !== undefined) return open;
  const about = told.filter(({ telling }) => telling !== 'unrelated');
  const tellable = about.filter(({ telling }) => telling === 'may_be_told').map(({ finding }) => finding);
  if (outcome === 'NOTHING_HELD' && about.length > 0) return 'something_held';
  if (reveals && tellable.length === 0) return 'nothing_to_reveal';
  if (outcome === 'REFUSED' || !reveals) return beyondTelling(discloses, []);
  if (discloses.length === 0) return 'nothing_disclosed';
  if (beyondTelling(discloses, tellable)) return 'not_disclosable';
  if (outcome === 'PARTLY') return undefined;
  if (about.some(({ finding }) => !discloses.includes(finding.statement))) return 'more_is_held';
  return about.every(({ finding }) => isDone(right, finding)) ? undefined : 'not_done';
}

const unfinished = ['to_be_compared', 'to_be_referred', 'waits_for_originator'] as const;

const beyondTelling = (discloses: readonly string[], tellable: readonly SubjectFinding[]) =>
  discloses.every((statement) => tellable.some((finding) => finding.statement === statement)) ? undefined : 'not_disclosable';

function isDone(right: string, { measures }: SubjectFinding): boolean {
  const { measures: doing } = codeOf('subject-right', right) as unknown as { measures: string[] };
  return doing.length === 0 || doing.some((measure) => measures.includes(measure));
}

/** By when a request of that moment is answered; seconds since the epoch. */
export const answerDue = (receivedAt: number): number => afterTerm(receivedAt, deadlineOf('subject.answer'));

/** The later end, or undefined: it is extended once, before it ends. */
export function extendedDue({ dueAt, extended }: { dueAt: number; extended: boolean }, now: number): number | undefined {
  return extended || now >= dueAt ? undefined : afterTerm(dueAt, deadlineOf('subject.extension'));
}

export type SubjectStanding = 'ON_TIME' | 'DUE_SOON' | 'OVERDUE' | 'ANSWERED' | 'ANSWERED_LATE';

/** Where a request stands against its time. */
export function subjectStanding({ dueAt, answeredAt }: { dueAt: number; answeredAt?: number | undefined }, now: number): SubjectStanding {
  if (answeredAt !== undefined) return answeredAt <= dueAt ? 'ANSWERED' : 'ANSWERED_LATE';
  if (now > dueAt) return 'OVERDUE';
  return reminderHorizon(now) >= dueAt ? 'DUE_SOON' : 'ON_TIME';
}

/** What is due at or before then is due soon, or over. */
export const reminderHorizon = (now: number): number => afterTerm(now, deadlineOf('subject.reminder'));
