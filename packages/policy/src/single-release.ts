import { secondOfficerKinds } from './decide.js';
import { Refusal } from './permit.js';

/**
 * May one officer release this alone, until a second one has looked at it? Undefined: he may. What has effects that a recall does not
 * take back is for two, always.
 */
export function refusalOfSingleRelease(question: { kind: string; urgency?: string | undefined; allowed: boolean }): Refusal | undefined {
  if (!question.allowed) return new Refusal('single_release_off', question);
  if (secondOfficerKinds.has(question.kind)) return new Refusal('never_by_one', question);
  return question.urgency === 'IMMEDIATE' ? undefined : new Refusal('not_immediate', question);
}
