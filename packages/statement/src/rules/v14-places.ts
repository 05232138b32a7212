import { own } from '../json.js';
import { memberOf } from '../schema/annotate.js';
import { finding } from '../validation/finding.js';
import type { Rule } from './rule.js';

/** The country of a LOCODE is the country beside it. (Units and currencies are judged with the schema, under the same number.) */
export const placesCohere: Rule = {
  id: 'V14',
  atReceipt: true,
  check: ({ visits }) =>
    visits.flatMap(({ node, value, pointer }) => {
      if (!memberOf(node, 'locode')) return [];
      const [locode, country] = [own(value, 'locode'), own(value, 'country')];
      const differ = typeof locode === 'string' && typeof country === 'string' && !locode.startsWith(country);
      return differ ? [finding('V14', 'warn', `${pointer}/locode`, 'country', { country })] : [];
    }),
};
