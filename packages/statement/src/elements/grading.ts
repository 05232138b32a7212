import { code, flag, matching, optional, record, whole } from '../schema/members.js';

/** Grade of source and information with its scheme; never converted silently. `independent_sources` never counts the partner's own word. */
export const grading = () =>
  record({
    scheme: code('grading-scheme'),
    source: matching('^[A-FX]$', 1),
    information: matching('^[1-6]$', 1),
    derived: optional(flag()),
    independent_sources: optional(whole(0, 99)),
    fact_or_assessment: optional(code('fact-or-assessment')),
    probability_band: optional(code('probability')),
    analyst_confidence: optional(code('analyst-confidence')),
  });
