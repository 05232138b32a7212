import type pg from 'pg';
import type { Act } from '../act.js';
import { StoreError } from '../error.js';

/** What acts were decided on and still holds; the rows are locked FOR SHARE until the commit. */
export interface Holding {
  peers: Set<string>;
  agreements: Set<string>;
}

/** An agreement is over for all its parties once a later version that all of its signatories have signed is in effect. */
const agreementsText = `SELECT digest FROM agreement a
  WHERE digest = ANY ($1::bytea[]) AND effective <= $2 AND expires > $2 AND NOT EXISTS (
    SELECT FROM agreement b WHERE b.supersedes = a.digest AND b.effective <= $2 AND b.signed_by @> a.signed_by)
  FOR SHARE OF a`;

export async function readHolding(client: pg.ClientBase, acts: readonly Act[], at: number): Promise<Holding> {
  const peers = distinct(acts.flatMap((act) => act.require?.activePeers ?? []));
  const agreements = distinct(acts.flatMap((act) => act.require?.agreementsInForce ?? []));
  const holding: Holding = { peers: new Set(), agreements: new Set() };
  if (peers.length > 0) {
    const text = `SELECT id FROM peer WHERE id = ANY ($1) AND state = 'active' ORDER BY id FOR SHARE`;
    const { rows } = await client.query<{ id: string }>({ name: 'active peers', text, values: [peers] });
    for (const { id } of rows) holding.peers.add(id);
  }
  if (agreements.length > 0) {
    const values = [agreements.map((digest) => Buffer.from(digest, 'base64url')), at];
    const { rows } = await client.query<{ digest: Buffer }>({ name: 'agreements in force', text: agreementsText, values });
    for (const { digest } of rows) holding.agreements.add(digest.toString('base64url'));
  }
  return holding;
}

export function requireHolding(act: Act, { peers, agreements }: Holding): void {
  const peer = act.require?.activePeers?.find((id) => !peers.has(id));
  if (peer !== undefined) throw new StoreError('stale', `${peer} is no active peer`);
  const agreement = act.require?.agreementsInForce?.find((digest) => !agreements.has(digest));
  if (agreement !== undefined) throw new StoreError('stale', `the agreement ${agreement} is not in force`);
}

const distinct = (values: readonly string[]) => [...new Set(values)];
