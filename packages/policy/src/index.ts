export { type Acceptance, type Arrival, accept } from './accept.js';
export { type AgreementStep, actOfStep, nextSeq, type Obstacle, obstacleTo, obstacleWords } from './acting.js';
export { type Agreement, type Grant, type Onward, parseAgreement, type ReleaseMode, type SignedAgreement } from './agreement.js';
export { type ConsentStatement, OnwardConsent, type RelayFacts, readConsent } from './consent.js';
export { type Ceilings, decide, decideRelay, type Question } from './decide.js';
export { type FeedPlace, isDenounced, type LastPositions } from './denunciation.js';
export { type Laxer, laxerThanInputs } from './derived.js';
export * from './errors.js';
export { type Explained, type ExplainedPart, explain } from './explain.js';
export { purposesOf } from './handling.js';
export {
  type AgreementName,
  type Decision,
  isRelay,
  type PartDecision,
  Permit,
  Refusal,
  type RelayDecision,
  type RelayPermit,
  type Terms,
} from './permit.js';
export { type RuleCode, type RuleId, rules } from './rules.js';
export { refusalOfSingleRelease } from './single-release.js';
export { type AgreementAct, agreementActs, inForce, type Standing, standing } from './standing.js';
export {
  answerDue,
  type Consultation,
  extendedDue,
  obstacleToAnswer,
  reminderHorizon,
  type SubjectFinding,
  type SubjectObstacle,
  type SubjectStanding,
  subjectObstacleWords,
  subjectStanding,
  type Telling,
  tellingOf,
} from './subject-request.js';
export { type Tie, tiedUntil } from './tie.js';
