import { own } from '../json.js';
import { childrenOf } from '../schema/annotate.js';
import { walk } from '../schema/walk.js';
import { finding } from '../validation/finding.js';
import type { Rule } from './rule.js';

/** The country of a LOCODE is the country beside it. (Units and currencies are judged with the schema, under the same number.) */
export const placesCohere: Rule = {
  id: 'V14',
  atReceipt: true,
  check: ({ kind, body }) =>
    [...walk(kind.body, body, '/body')].flatMap(({ node, value, pointer }) => {
      if (!Object.hasOwn(childrenOf(node).properties, 'locode')) return [];
      const [locode, country] = [own(value, 'locode'), own(value, 'country')];
      const differ = typeof locode === 'string' && typeof country === 'string' && !locode.startsWith(country);
      return differ ? [finding('V14', 'warn', `${pointer}/locode`, 'country', { country })] : [];
    }),
};
