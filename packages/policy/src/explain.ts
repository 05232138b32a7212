import type { DataClass } from '@entente/statement';
import { type AgreementName, type Decision, type PartDecision, Permit, type Terms } from './permit.js';
import type { RuleId } from './rules.js';

/** One line of a release preview. */
export interface ExplainedPart {
  pointer: string;
  dataClass: DataClass;
  released: boolean;
  rule: RuleId;
  reason: string;
}

/** A decision as an officer reads it: the whole as one sentence, the parts in the order of the statement. */
export type Explained =
  | { permitted: true; agreement: AgreementName; terms: Terms; secondOfficer: boolean; parts: ExplainedPart[] }
  | { permitted: false; rule: RuleId; code: string; reason: string };

export function explain(decision: Decision): Explained {
  if (!(decision instanceof Permit)) return { permitted: false, rule: decision.rule, code: decision.code, reason: decision.reason };
  const { agreement, terms, release, released, withheld } = decision;
  const parts = [...released.map(line(true)), ...withheld.map(line(false))];
  parts.sort((a, b) => (a.pointer < b.pointer ? -1 : 1));
  return { permitted: true, agreement, terms, secondOfficer: release === 'second_officer', parts };
}

const line =
  (released: boolean) =>
  ({ part, rule, reason }: PartDecision): ExplainedPart => ({ pointer: part.pointer, dataClass: part.dataClass, released, rule, reason });
