import { codeOf } from '../code-lists.js';
import { finding } from '../validation/finding.js';
import type { Rule } from './rule.js';

/** Patterns, routes and sought goods name nobody. */
export const patternsNameNobody: Rule = {
  id: 'V07',
  atReceipt: true,
  check({ body, parts }) {
    const { alert_kind: kind } = body;
    if (typeof kind !== 'string' || codeOf('alert-kind', kind)?.nominal !== false) return [];
    return parts.filter((part) => part.dataClass === 'P1').map(({ pointer }) => finding('V07', 'reject', pointer, 'nominal', { kind }));
  },
};
