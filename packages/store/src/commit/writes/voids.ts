import type pg from 'pg';
import type { Act, Digest, NewVoid } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { feedVoid, offer } from '../../tables/outgoing.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertVoids = inserter(feedVoid);
const updateOffers = updater(offer, ['peer', 'epoch', 'position'], ['state']);

interface Offered {
  digest: Digest;
  isVoid: boolean;
}

const keyOf = (peer: string, epoch: number, position: number) => `${epoch} ${position} ${peer}`;

async function readOffers(client: pg.ClientBase, voids: readonly NewVoid[]): Promise<Map<string, Offered>> {
  const text = `SELECT peer, epoch, position, digest, state FROM offer
    WHERE (peer, epoch, position) IN (SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[]))`;
  const values = [voids.map((v) => v.to), voids.map((v) => v.epoch), voids.map((v) => v.position)];
  type Row = { peer: string; epoch: number; position: number; digest: Buffer; state: string };
  const { rows } = await client.query<Row>({ name: 'offers to void', text, values });
  return new Map(
    rows.map((row) => [
      keyOf(row.peer, row.epoch, row.position),
      { digest: row.digest.toString('base64url'), isVoid: row.state === 'void' },
    ]),
  );
}

class VoidWriter implements Writer<Act> {
  readonly #rows: (typeof feedVoid.$inferInsert)[] = [];

  constructor(readonly offers: Map<string, Offered>) {}

  add(act: Act, plan: Plan): void {
    for (const item of act.voids ?? []) {
      const { to: peer, epoch, position, digest, code, jwt } = item;
      const key = keyOf(peer, epoch, position);
      const offered = this.offers.get(key);
      if (offered?.digest !== digest)
        throw new StoreError('unknown_reference', `position ${position} of the feed to ${peer} is another release`);
      if (offered.isVoid) continue;
      this.offers.set(key, { digest, isVoid: true });
      this.#rows.push({ peer, epoch, position, digest, code, jwt, at: plan.at });
      plan.leaf(leafOf.voided(item));
      plan.notify('feed', peer);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertVoids(this.#rows);
    yield* updateOffers(this.#rows.map(({ peer, epoch, position }) => ({ peer, epoch, position, state: 'void' as const })));
  }
}

export const voids: Group<Act> = {
  uses: (act) => act.voids !== undefined,
  open: async (client, acts) => {
    const offers = await readOffers(
      client,
      acts.flatMap((act) => act.voids ?? []),
    );
    return () => new VoidWriter(new Map(offers));
  },
};
