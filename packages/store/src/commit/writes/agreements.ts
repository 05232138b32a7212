import type pg from 'pg';
import type { Act, AgreementWrite } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { agreement } from '../../tables/party.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

/** The same payload with more signatures takes the place of the one with fewer. */
const writeAgreements = inserter(
  agreement,
  `ON CONFLICT (digest) DO UPDATE SET jws = EXCLUDED.jws, signed_by = EXCLUDED.signed_by WHERE EXCLUDED.signed_by @> agreement.signed_by`,
);

class AgreementWriter implements Writer<Act> {
  readonly #writes: (AgreementWrite & { storedAt: number })[] = [];

  add(act: Act, plan: Plan): void {
    for (const write of act.agreements ?? []) {
      this.#writes.push({ ...write, storedAt: plan.at });
      plan.leaf(leafOf.agreement(write));
      plan.notify('agreement', write.digest);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    for (const write of this.#writes) yield* writeAgreements([write]);
  }
}

export const agreements: Group<Act> = {
  uses: (act) => act.agreements !== undefined,
  open: async () => () => new AgreementWriter(),
};
