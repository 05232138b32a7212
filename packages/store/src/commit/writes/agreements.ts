import type pg from 'pg';
import type { Act, AgreementWrite } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { agreement } from '../../tables/agreement.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertAgreements = inserter(agreement);
/** The payload never changes; signatures of further parties are added to the text. */
const updateAgreements = updater(agreement, ['digest'], ['jws', 'signedBy', 'revision']);

class AgreementWriter implements Writer<Act> {
  readonly #new: (typeof agreement.$inferInsert)[] = [];
  readonly #signed: (AgreementWrite & { revision: number })[] = [];

  constructor(readonly revisions: Map<string, number>) {}

  add(act: Act, plan: Plan): void {
    for (const write of act.agreements ?? []) {
      const before = this.revisions.get(write.digest) ?? 0;
      if (before !== write.expectRevision)
        throw new StoreError('version_conflict', `agreement ${write.digest} is at revision ${before}, not ${write.expectRevision}`);
      const revision = before + 1;
      this.revisions.set(write.digest, revision);
      if (before > 0) this.#signed.push({ ...write, revision });
      else this.#new.push({ ...write, revision, storedAt: plan.at });
      // What nobody has signed is a draft, and nobody's act.
      if (write.signedBy.length > 0) plan.leaf(leafOf.agreement(write));
      plan.notify('agreement', write.digest);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertAgreements(this.#new);
    yield* updateAgreements(this.#signed);
  }
}

export const agreements: Group<Act> = {
  uses: (act) => act.agreements !== undefined,
  open: async (client, acts) => {
    const digests = acts.flatMap((act) => act.agreements ?? []).map(({ digest }) => Buffer.from(digest, 'base64url'));
    const text = 'SELECT digest, revision FROM agreement WHERE digest = ANY ($1::bytea[])';
    const { rows } = await client.query<{ digest: Buffer; revision: number }>({ name: 'agreement revisions', text, values: [digests] });
    return () => new AgreementWriter(new Map(rows.map(({ digest, revision }) => [digest.toString('base64url'), revision])));
  },
};
