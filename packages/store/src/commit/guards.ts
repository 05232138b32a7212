import type pg from 'pg';
import type { Act, AgreedBetween } from '../act.js';
import { StoreError } from '../error.js';

/** What acts were decided on and still holds; the rows are locked FOR SHARE until the commit. */
export interface Holding {
  peers: Set<string>;
  /** Digest and the two nodes. */
  agreements: Set<string>;
}

/**
 * Between two nodes an agreement holds that both have signed and neither has stopped, until a later version that both have signed takes
 * effect.
 */
const agreementsText = `SELECT a.digest, q.one, q.other FROM agreement a
  JOIN unnest($1::bytea[], $2::text[], $3::text[]) AS q (digest, one, other) ON q.digest = a.digest
  WHERE a.effective <= $4 AND a.expires > $4 AND a.signed_by ?& ARRAY[q.one, q.other]
    AND NOT EXISTS (SELECT FROM agreement b
      WHERE (b.supersedes = a.digest OR (b.id = a.id AND b.version > a.version)) AND b.effective <= $4 AND b.signed_by ?& ARRAY[q.one, q.other])
    AND NOT EXISTS (SELECT FROM agreement_act x WHERE x.agreement = a.digest AND x.party IN (q.one, q.other) AND x.act <> 'resumed'
      AND NOT EXISTS (SELECT FROM agreement_act y WHERE y.agreement = x.agreement AND y.party = x.party AND y.seq > x.seq))
  FOR SHARE OF a`;

const keyOf = ({ digest, between: [one, other] }: AgreedBetween) => `${digest} ${one} ${other}`;

export async function readHolding(client: pg.ClientBase, acts: readonly Act[], at: number): Promise<Holding> {
  const peers = [...new Set(acts.flatMap((act) => act.require?.activePeers ?? []))];
  const agreed = acts.flatMap((act) => act.require?.agreementsInForce ?? []);
  const asked = [...new Map(agreed.map((one) => [keyOf(one), one])).values()];
  const holding: Holding = { peers: new Set(), agreements: new Set() };
  if (peers.length > 0) {
    const text = `SELECT id FROM peer WHERE id = ANY ($1) AND state = 'active' ORDER BY id FOR SHARE`;
    const { rows } = await client.query<{ id: string }>({ name: 'active peers', text, values: [peers] });
    for (const { id } of rows) holding.peers.add(id);
  }
  if (asked.length > 0) {
    const values = [asked.map(({ digest }) => Buffer.from(digest, 'base64url')), ...[0, 1].map((i) => asked.map((a) => a.between[i])), at];
    type Row = { digest: Buffer; one: string; other: string };
    const { rows } = await client.query<Row>({ name: 'agreements in force', text: agreementsText, values });
    for (const { digest, one, other } of rows)
      holding.agreements.add(keyOf({ digest: digest.toString('base64url'), between: [one, other] }));
  }
  return holding;
}

export function requireHolding(act: Act, { peers, agreements }: Holding): void {
  const peer = act.require?.activePeers?.find((id) => !peers.has(id));
  if (peer !== undefined) throw new StoreError('stale', `${peer} is no active peer`);
  const agreement = act.require?.agreementsInForce?.find((agreed) => !agreements.has(keyOf(agreed)));
  if (agreement !== undefined) throw new StoreError('stale', `the agreement ${agreement.digest} is not in force`);
}
