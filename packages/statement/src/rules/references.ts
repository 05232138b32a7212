import { bodyMember, elementOf } from '../disclosure/parts.js';
import type { JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import { type Finding, finding } from '../validation/finding.js';
import { objectsIn } from './objects-in.js';
import type { Rule } from './rule.js';

/** Elements have different ids. At receipt too: two with one id would let one speak for the other. */
export const idsDiffer: Rule = {
  id: 'refs',
  atReceipt: true,
  check({ kind, body }) {
    const seen = new Set<unknown>();
    return idsIn(kind, body).flatMap(({ id, pointer }): Finding[] => {
      const again = seen.has(id);
      seen.add(id);
      return again ? [finding('refs', 'reject', pointer, 'twice')] : [];
    });
  },
};

/** What refers to a party finds it. A partner may have withheld it, so this is asked at issue only. */
export const referencesResolve: Rule = {
  id: 'refs',
  atReceipt: false,
  check({ kind, body, visits }) {
    const ids = new Set(idsIn(kind, body).map(({ id }) => id));
    return visits
      .filter(({ pointer, value }) => pointer.endsWith('_party_id') && !ids.has(value))
      .map(({ pointer }) => finding('refs', 'reject', pointer, 'dangling'));
  },
};

function idsIn(kind: Kind, body: JsonObject): { id: unknown; pointer: string }[] {
  const lists = Object.keys(body).filter((name) => elementOf(bodyMember(kind, name)!));
  return lists.flatMap((name) => objectsIn(body, name).map(({ value, pointer }) => ({ id: value.id, pointer: `${pointer}/id` })));
}
