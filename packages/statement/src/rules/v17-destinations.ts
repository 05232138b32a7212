import { codeOf } from '../code-lists.js';
import type { JsonObject } from '../json.js';
import { type Finding, finding } from '../validation/finding.js';
import { objectsIn } from './objects-in.js';
import type { Rule } from './rule.js';

/** The declared and the suspected destination are different points with different standing. */
export const destinationsApart: Rule = {
  id: 'V17',
  atReceipt: true,
  check: ({ body }) =>
    objectsIn(body, 'route').flatMap(({ value, pointer }) => {
      const status = codeOf('route-function', String(value.function))?.status;
      return typeof status === 'string' && Object.hasOwn(value, 'status') && value.status !== status
        ? [finding('V17', 'reject', `${pointer}/status`, 'status', { status })]
        : [];
    }),
};

/** A later version may add a suspicion; it never overwrites what was declared. */
export function checkDestinationsKept(earlier: JsonObject, later: JsonObject): Finding[] {
  const declared = (body: JsonObject) => objectsIn(body, 'route').filter(({ value }) => value.function === 'DECLARED_DESTINATION');
  const kept = (point: JsonObject) =>
    declared(later).some(({ value }) => ['locode', 'country', 'place_text'].every((name) => value[name] === point[name]));
  return declared(earlier).every(({ value }) => kept(value)) ? [] : [finding('V17', 'reject', '/body/route', 'overwritten')];
}
