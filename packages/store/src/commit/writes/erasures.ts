import type pg from 'pg';
import type { Act, Digest } from '../../act.js';
import { StoreError } from '../../error.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

class ErasureWriter implements Writer<Act> {
  readonly #erased = new Map<Digest, number>();

  /** Statement by ref of contents that are there; null once they are erased. */
  constructor(
    readonly statements: Map<Digest, Digest | null>,
    readonly held: Set<Digest>,
  ) {}

  add(act: Act, plan: Plan): void {
    for (const { ref } of act.erasures ?? []) {
      const statement = this.statements.get(ref);
      if (statement === undefined) throw new StoreError('unknown_reference', `there is no content ${ref}`);
      if (statement === null) continue;
      if (this.held.has(ref)) throw new StoreError('on_hold', `a legal hold keeps ${ref}`);
      this.statements.set(ref, null);
      this.#erased.set(ref, plan.at);
      plan.leaf(leafOf.erased(statement, ref));
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    for (const [ref, at] of this.#erased) yield { text: 'SELECT erase($1, $2)', values: [Buffer.from(ref, 'base64url'), at] };
  }
}

export const erasures: Group<Act> = {
  uses: (act) => act.erasures !== undefined,
  open: async (client, acts) => {
    const refs = acts.flatMap((act) => act.erasures ?? []).map(({ ref }) => Buffer.from(ref, 'base64url'));
    const text = `SELECT ref, CASE WHEN erased_at IS NULL THEN statement END AS statement,
      EXISTS (SELECT FROM legal_hold h WHERE h.statement = c.statement AND h.lifted_at IS NULL) AS held FROM content_name c WHERE ref = ANY ($1::bytea[])`;
    const { rows } = await client.query<{ ref: Buffer; statement: Buffer | null; held: boolean }>({
      name: 'contents to erase',
      text,
      values: [refs],
    });
    const name = (bytes: Buffer | null) => bytes?.toString('base64url') ?? null;
    const held = new Set(rows.filter((row) => row.held).map(({ ref }) => name(ref)!));
    return () => new ErasureWriter(new Map(rows.map(({ ref, statement }) => [name(ref)!, name(statement)])), held);
  },
};
