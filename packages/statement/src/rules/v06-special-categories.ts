import { finding } from '../validation/finding.js';
import type { Rule } from './rule.js';

/** Special categories of personal data (Directive (EU) 2016/680 Art. 10) are not accepted. */
export const noSpecialCategories: Rule = {
  id: 'V06',
  atReceipt: true,
  check: ({ parts }) => parts.filter((part) => part.dataClass === 'P2').map(({ pointer }) => finding('V06', 'reject', pointer, 'present')),
};
