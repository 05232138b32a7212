import { codeOf, coerciveActions } from '../code-lists.js';
import { own } from '../json.js';
import { finding } from '../validation/finding.js';
import { objectsIn } from './objects-in.js';
import type { Rule } from './rule.js';

/** The legal basis covers every purpose of the handling, and every coercive action by an instrument that can carry it. */
export const legalBasisCovers: Rule = {
  id: 'V03',
  atReceipt: true,
  check({ handling, legalBasis, body }) {
    const purposes = new Set(legalBasis.map((basis) => basis.purpose));
    const types = new Set(legalBasis.map(({ instrument }) => (instrument ? codeOf('legal-instrument', instrument)?.type : undefined)));
    const uncovered = (handling.purposes ?? []).filter((purpose) => !purposes.has(purpose));
    const groundless = objectsIn(body, 'action_requested').filter(({ value }) => {
      const action = own(value, 'code');
      if (typeof action !== 'string' || !coerciveActions.has(action)) return false;
      const grounds = codeOf('action', action)?.grounds;
      return !(Array.isArray(grounds) && grounds.some((type) => types.has(type)));
    });
    return [
      ...uncovered.map((purpose) => finding('V03', 'open', '/legal_basis', 'purpose', { purpose })),
      ...groundless.map(({ value }) => finding('V03', 'open', '/legal_basis', 'action', { action: String(value.code) })),
    ];
  },
};
