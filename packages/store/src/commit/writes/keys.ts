import type pg from 'pg';
import type { Act, OwnKeyWrite } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { ownKey, peerKey } from '../../tables/party.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

/** Which node and which use a key belongs to; `peer` is null for our own. */
export interface KeyOwner {
  peer: string | null;
  use: string;
}

/** What ended stays ended, and the earlier date counts: a later configuration cannot make a revoked key good again. */
const keep = (table: string) => `ON CONFLICT (kid) DO UPDATE SET not_after = EXCLUDED.not_after,
  revoked_at = least(${table}.revoked_at, EXCLUDED.revoked_at), compromised_from = least(${table}.compromised_from, EXCLUDED.compromised_from)`;

export const writePeerKeys = inserter(peerKey, keep('peer_key'));
const writeOwnKeys = inserter(ownKey, keep('own_key'));

export async function readKeyOwners(client: pg.ClientBase, keys: readonly OwnKeyWrite[]): Promise<Map<string, KeyOwner>> {
  const text = `SELECT kid, peer, use FROM peer_key WHERE kid = ANY ($1) UNION ALL SELECT kid, NULL, use FROM own_key WHERE kid = ANY ($1)`;
  const values = [keys.map((key) => key.kid)];
  const { rows } = await client.query<KeyOwner & { kid: string }>({ name: 'key owners', text, values });
  return new Map(rows.map(({ kid, ...owner }) => [kid, owner]));
}

/** A key that two nodes, or two uses, claim is nobody's proof (docs/protocol.md section 1). */
export function claimKey(owners: Map<string, KeyOwner>, { kid, use }: OwnKeyWrite, peer: string | null): void {
  const owner = owners.get(kid);
  if (owner !== undefined && (owner.peer !== peer || owner.use !== use)) {
    throw new StoreError('key_not_unique', `the key ${kid} belongs to ${owner.peer ?? 'this node'} for ${owner.use}`);
  }
  owners.set(kid, { peer, use });
}

class OwnKeyWriter implements Writer<Act> {
  readonly #rows: OwnKeyWrite[] = [];

  constructor(readonly owners: Map<string, KeyOwner>) {}

  add(act: Act, plan: Plan): void {
    for (const key of act.ownKeys ?? []) {
      claimKey(this.owners, key, null);
      this.#rows.push(key);
      plan.leaf(leafOf.key(key));
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* writeOwnKeys(this.#rows);
  }
}

export const ownKeys: Group<Act> = {
  uses: (act) => act.ownKeys !== undefined,
  open: async (client, acts) => {
    const owners = await readKeyOwners(
      client,
      acts.flatMap((act) => act.ownKeys ?? []),
    );
    return () => new OwnKeyWriter(new Map(owners));
  },
};
