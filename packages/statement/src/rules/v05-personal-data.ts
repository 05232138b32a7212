import { membersOf } from '../schema/annotate.js';
import { finding } from '../validation/finding.js';
import { objectsIn } from './objects-in.js';
import type { Rule } from './rule.js';

/**
 * Personal data need a stated threshold, a date of review, and for each person his category (Directive (EU) 2016/680 Art. 6). They are
 * asked of what enters a person: not of what recalls or corrects it, nor of a kind without these members, which speaks for a person who
 * asks about himself.
 */
export const personalDataIsJustified: Rule = {
  id: 'V05',
  atReceipt: false,
  check({ kind, body, parts }) {
    if (kind.ends !== undefined || !parts.some((part) => part.dataClass === 'P1')) return [];
    const missing = ['entry_threshold_statement', 'review_by']
      .filter((name) => Object.hasOwn(membersOf(kind.body), name) && !Object.hasOwn(body, name))
      .map((name) => `/body/${name}`);
    const uncategorised = objectsIn(body, 'parties')
      .filter(({ value }) => value.party_kind === 'NATURAL' && !Object.hasOwn(value, 'subject_category'))
      .map(({ pointer }) => `${pointer}/subject_category`);
    return [...missing, ...uncategorised].map((pointer) => finding('V05', 'open', pointer, 'missing'));
  },
};
