import { codeOf } from '../code-lists.js';
import { membersOf } from '../schema/annotate.js';
import { finding } from '../validation/finding.js';
import type { Rule } from './rule.js';

/** What came from outside the federation under a third-party rule is given on, and consented to, only with a consent from outside. */
export const outsideHasConsented: Rule = {
  id: 'OC-06',
  atReceipt: false,
  check({ kind, handling, body }) {
    const gives = Object.hasOwn(membersOf(kind.body), 'external_consent') && (body.decision === undefined || grants(body.decision));
    if (handling.external_originator !== true || !gives || Object.hasOwn(body, 'external_consent')) return [];
    return [finding('OC-06', 'open', '/body/external_consent', 'missing')];
  },
};

const grants = (decision: unknown): boolean => codeOf('consent-decision', String(decision))?.grants === true;
