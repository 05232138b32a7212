import { codeOf, isCode } from '../code-lists.js';
import type { Relation, StatementInput } from '../envelope.js';
import { isObject, type JsonObject, own } from '../json.js';
import { type Finding, finding } from '../validation/finding.js';
import type { Rule } from './rule.js';

/** Source and information are graded in codes of the scheme, and a grade that others confirmed names how many of them there are. */
export const gradingStands: Rule = {
  id: 'V09',
  atReceipt: true,
  check({ body }) {
    const grading = own(body, 'grading');
    if (!isObject(grading)) return [];
    const scheme = codeOf('grading-scheme', String(grading.scheme));
    if (!scheme) return [];
    const wrong = (['source', 'information'] as const).filter((part) => !isCode(String(scheme[`${part}_list`]), String(grading[part])));
    const alone = restsOnOthers(grading) && !(Number(own(grading, 'independent_sources') ?? 0) > 0);
    return [
      ...wrong.map((part) => finding('V09', 'reject', `/body/grading/${part}`, 'code', { scheme: String(grading.scheme) })),
      ...(alone ? [finding('V09', 'reject', '/body/grading/independent_sources', 'alone')] : []),
    ];
  },
};

/**
 * Circular reporting: information confirmed by others must not rest on a statement of somebody to whom it goes. Needs what only the
 * node knows: the originator of each statement that this one derives from.
 */
export function checkCircularReporting(
  input: Pick<StatementInput, 'body' | 'rel'>,
  addressees: readonly string[],
  originatorOf: (statement: Relation['of']) => string | undefined,
): Finding[] {
  const grading = own(input.body, 'grading');
  if (!isObject(grading) || !restsOnOthers(grading)) return [];
  return input.rel.flatMap((relation, i) => {
    const originator = relation.type === 'derives_from' ? originatorOf(relation.of) : undefined;
    return originator && addressees.includes(originator) ? [finding('V09', 'reject', `/rel/${i}`, 'circular')] : [];
  });
}

function restsOnOthers(grading: JsonObject): boolean {
  const list = codeOf('grading-scheme', String(grading.scheme))?.information_list;
  return typeof list === 'string' && codeOf(list, String(grading.information))?.rests_on_others === true;
}
