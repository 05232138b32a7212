import type { Act } from '../../act.js';
import type { Group } from '../plan.js';

/** Entries of the access log are written with the leaves, at the end of the transaction. */
export const access: Group<Act> = {
  uses: (act) => act.access !== undefined,
  open: async () => () => ({
    add: (act, plan) => {
      plan.access.push(...(act.access ?? []));
    },
    queries: () => [],
  }),
};
