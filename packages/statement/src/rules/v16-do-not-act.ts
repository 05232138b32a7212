import { codeOf } from '../code-lists.js';
import { finding } from '../validation/finding.js';
import { objectsIn } from './objects-in.js';
import type { Rule } from './rule.js';

/** Who says "do not act" can be asked before anybody does. */
export const doNotActMeansAsk: Rule = {
  id: 'V16',
  atReceipt: true,
  check({ body }) {
    if (body.contact_before_action !== false) return [];
    const asking = objectsIn(body, 'action_requested').some(({ value }) => codeOf('action', String(value.code))?.needs_contact === true);
    return asking ? [finding('V16', 'reject', '/body/contact_before_action', 'contact')] : [];
  },
};
