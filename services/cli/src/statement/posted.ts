import type { Awaiting, Finding, Posted } from '../answers.js';
import type { Outcome } from '../outcome.js';
import { listing } from '../table.js';

/** What a post or a release answered. Exit code 1 when an addressee gets nothing: a script must not take that for done. */
export function postedOutcome(answer: Posted | Awaiting, wide: boolean | undefined): Outcome {
  const head =
    'statement' in answer
      ? `Signed and logged: ${answer.statement}`
      : `Waits for the second officer as draft ${answer.draft}: entente draft release ${answer.draft}`;
  const { releases, warnings, checks } = answer;
  return {
    result: { ...answer },
    words: [head, '', ...releaseLines(releases, wide), ...findingLines(warnings), ...checkLines(checks)],
    ...exitCodeOf(releases),
  };
}

export const releaseLines = (releases: Posted['releases'], wide: boolean | undefined): string[] =>
  listing(
    releases,
    { ADDRESSEE: (r) => r.addressee, STATE: (r) => r.state.replaceAll('_', ' '), RULE: (r) => r.rule ?? r.code, REASON: (r) => r.reason },
    { wide, none: 'Released to nobody.' },
  );

export const exitCodeOf = (releases: Posted['releases']): { exitCode?: number } =>
  releases.some(({ state }) => state === 'refused') ? { exitCode: 1 } : {};

const levels: Record<Finding['level'], string> = { open: 'still open', warn: 'note', reject: 'to mend' };

/** What the rules of the kind say, one line each. */
export function findingLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rows = listing(
    findings,
    { '': (f) => levels[f.level], PLACE: (f) => f.pointer || '(whole)', RULE: (f) => f.id, WHAT: (f) => f.message },
    { none: '' },
  );
  return ['', ...rows];
}

/** Check digits warn and never block: a wrong one may be what the smuggler's papers say. */
export function checkLines(checks: Posted['checks'] = []): string[] {
  const failed = checks.filter(({ check }) => check === 'FAIL');
  return failed.length === 0
    ? []
    : ['', ...failed.map(({ scheme, value, pointer }) => `flagged: ${scheme} ${value} fails its check digit (${pointer})`)];
}
