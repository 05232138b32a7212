/** How long a content may be kept: classes are data, the list `retention-class`. */
import { codeOf } from './code-lists.js';

export interface RetentionTerm {
  /** Seconds from entry; absent: no limit, or none before that has happened which the class waits for. */
  maximum?: number;
  /** Seconds from entry until somebody should look whether it is still needed. */
  review?: number;
}

const DAY = 86_400;

/** The clock starts at entry, not at the last access. A class that is not on the list limits nothing. */
export function retentionTerm(retentionClass: string): RetentionTerm {
  const { maximum_days, review_days, starts } = (codeOf('retention-class', retentionClass) ?? {}) as Record<string, unknown>;
  return {
    ...(typeof maximum_days === 'number' && starts === undefined && { maximum: maximum_days * DAY }),
    ...(typeof review_days === 'number' && { review: review_days * DAY }),
  };
}
