import { checkVisited } from '../identifiers/check-identifiers.js';
import { finding } from '../validation/finding.js';
import type { Rule } from './rule.js';

/** A failed check warns and flags; it never blocks. */
export const checkDigits: Rule = {
  id: 'V11',
  atReceipt: true,
  check: ({ visits }) =>
    checkVisited(visits)
      .filter(({ check }) => check === 'FAIL')
      .map(({ pointer, scheme }) => finding('V11', 'warn', pointer, 'failed', { scheme })),
};
