/** What becomes of a release that fails a check: kept in quarantine, or refused and not kept. docs/protocol.md section 7. */

/**
 * Refused: the release was not for us, or no rule allowed it. Its content is not kept. Every other failure (form, key, kind, schema, or one
 * that we did not foresee) goes into quarantine, is shown to an officer and can be tried again after a fix: nothing vanishes silently.
 */
const refused: ReadonlySet<string> = new Set([
  'wrong_audience',
  'wrong_issuer',
  'jti_reused',
  'no_onward_consent',
  'disclosures_differ',
  'no_agreement',
  'no_tie',
  'agreement_unknown',
  'agreement_not_in_force',
  'sender_not_covered',
  'kind_not_covered',
  'class_not_covered',
  'purpose_not_covered',
  'handling_not_covered',
  'exercise_mixed',
  'recalled',
  'kind_refused',
  'expired',
  'quarantine_full',
]);

export const verdictOf = (code: string): 'refused' | 'quarantined' => (refused.has(code) ? 'refused' : 'quarantined');

/** A check of section 7 failed. `reason` is for the officer and carries no content. */
export class Failed extends Error {
  constructor(
    readonly code: string,
    readonly reason: string,
  ) {
    super(`${code}: ${reason}`);
  }
}
