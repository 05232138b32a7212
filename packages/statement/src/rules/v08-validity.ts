import { codeOf } from '../code-lists.js';
import type { JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import { finding } from '../validation/finding.js';
import type { Rule } from './rule.js';

const day = 86_400;

/** Validity ends, after it begins, and within the longest time for the kind. */
export const validityEnds: Rule = {
  id: 'V08',
  atReceipt: true,
  check({ kind, body, validFrom, validUntil }) {
    if (validFrom === undefined || validUntil === undefined) return [];
    if (validUntil <= validFrom) return [finding('V08', 'reject', '/valid_until', 'order')];
    const days = maximumDays(kind, body);
    return validUntil - validFrom > days * day ? [finding('V08', 'reject', '/valid_until', 'maximum', { days })] : [];
  },
};

/** The longest validity in days, as far as the body tells what kind of alert it is. */
export function maximumDays({ validity }: Kind, body: JsonObject): number {
  const code = validity.by && Object.hasOwn(body, validity.by.member) ? body[validity.by.member] : undefined;
  const days = typeof code === 'string' ? codeOf(validity.by!.list, code)?.validity_days : undefined;
  return typeof days === 'number' ? days : validity.maximumDays;
}
