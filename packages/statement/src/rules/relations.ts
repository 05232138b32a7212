import { openRelations } from '../envelope.js';
import { finding } from '../validation/finding.js';
import type { Rule } from './rule.js';

/** A recall or correction must be seen as one, so that every holder obeys it: no other kind may speak for it. */
export const relationsFitKind: Rule = {
  id: 'rel',
  atReceipt: true,
  check({ kind, rel }) {
    return rel.flatMap(({ type }, i) =>
      openRelations.has(type) && type !== 'supersedes' && type !== kind.ends
        ? [finding('rel', 'reject', `/rel/${i}`, 'kind', { kind: kind.name, type })]
        : [],
    );
  },
};
