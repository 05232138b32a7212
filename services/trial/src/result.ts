/** What a run of the trial has shown, in numbers, and whether everything held. */
import type { Audit } from './audit.js';
import type { LeakReport } from './leak-check.js';
import type { PassedOn } from './onward.js';
import type { Recalled } from './recall.js';
import type { FileOutcome, Issued } from './story.js';

/** The last line of `--json`. */
export interface Result {
  ok: boolean;
  agencies: number;
  declarations: number;
  shipments: number;
  drafts: number;
  posted: number;
  released: number;
  received: number;
  receipts: number;
  /** Consents that originators have given to pass something on, and releases that rest on them and are held. */
  consents: number;
  relayed: number;
  /** Statements that were called back, agencies that held them, and those of these that have answered that they complied. */
  recalled: number;
  holders: number;
  complied: number;
  leaked_fields: number;
  missing_fields: number;
  leak_checks: number;
  logs_verified: number;
  reconciled: number;
  findings: string[];
  /** What became of each declaration, in the order in which they came. */
  files: FileOutcome[];
  ready_seconds: number;
  seconds: number;
}

export interface Shown {
  agencies: number;
  outcomes: FileOutcome[];
  issued: Issued[];
  receipts: number;
  passedOn: PassedOn[];
  relayed: number;
  recalled: Recalled[];
  leaks: LeakReport;
  audited: Audit;
}

export function resultOf(shown: Shown): Omit<Result, 'seconds' | 'ready_seconds'> {
  const { outcomes, issued, passedOn, recalled, leaks, audited } = shown;
  const counts = {
    agencies: shown.agencies,
    declarations: outcomes.length,
    shipments: outcomes.filter((o) => o.shipment).length,
    drafts: outcomes.filter((o) => o.draft).length,
    posted: issued.length,
    released: pairsOf(issued),
    received: pairsOf(issued), // `follow` has waited for each and read its verified content
    receipts: shown.receipts,
    consents: passedOn.length,
    relayed: shown.relayed,
    recalled: recalled.length,
    holders: recalled.reduce((sum, one) => sum + one.holders, 0),
    complied: recalled.reduce((sum, one) => sum + one.complied, 0),
    leaked_fields: leaks.leaks.length,
    missing_fields: leaks.missing.length,
    leak_checks: leaks.checked,
    logs_verified: audited.verified.length,
    reconciled: audited.reconciled.length,
    findings: audited.findings,
    files: outcomes,
  };
  const pairs = (shown.agencies * (shown.agencies - 1)) / 2;
  const holds = [
    !outcomes.some((outcome) => outcome.failed),
    counts.receipts === counts.released,
    counts.relayed === counts.consents,
    counts.recalled === counts.relayed,
    counts.complied === counts.holders,
    counts.leaked_fields + counts.missing_fields === 0,
    counts.logs_verified === counts.agencies,
    counts.reconciled === pairs,
  ];
  return { ok: holds.every(Boolean), ...counts };
}

/** Releases: one per statement and addressee. */
export const pairsOf = (issued: Issued[]): number => issued.reduce((sum, one) => sum + one.to.length, 0);
