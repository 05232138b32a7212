import type pg from 'pg';
import type { Act, NewReceived, Verdict } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { inbox, received as receivedTable } from '../../tables/incoming.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertReceived = inserter(receivedTable);
const insertInbox = inserter(inbox);
const replaceInInbox = updater(inbox, ['peer', 'digest'], ['position', 'kind', 'verdict', 'reused', 'receipt']);

interface Known {
  /** By peer and digest. */
  verdicts: Map<string, Verdict>;
  /** Digest that has the name, by peer and jti. */
  names: Map<string, string>;
}

const keyOf = (peer: string, name: string) => `${name} ${peer}`;

const knownText = `
  SELECT peer, digest, jti, verdict, reused FROM inbox
  WHERE (peer, digest) IN (SELECT * FROM unnest($1::text[], $2::bytea[])) OR (peer, jti) IN (SELECT * FROM unnest($1::text[], $3::text[]))`;

async function readKnown(client: pg.ClientBase, items: readonly NewReceived[]): Promise<Known> {
  type Row = { peer: string; digest: Buffer; jti: string; verdict: Verdict; reused: boolean };
  const values = [
    items.map((item) => item.from),
    items.map((item) => Buffer.from(item.digest, 'base64url')),
    items.map((item) => item.jti),
  ];
  const { rows } = await client.query<Row>({ name: 'known received', text: knownText, values });
  const known: Known = { verdicts: new Map(), names: new Map() };
  for (const row of rows) {
    const digest = row.digest.toString('base64url');
    known.verdicts.set(keyOf(row.peer, digest), row.verdict);
    if (row.verdict !== 'quarantined' && !row.reused) known.names.set(keyOf(row.peer, row.jti), digest);
  }
  return known;
}

class ReceivedWriter implements Writer<Act> {
  readonly #received: (typeof receivedTable.$inferInsert)[] = [];
  readonly #arrived = new Map<string, typeof inbox.$inferInsert>();
  readonly #replaced = new Map<string, typeof inbox.$inferInsert>();

  constructor(readonly known: Known) {}

  add(act: Act, plan: Plan): void {
    for (const item of act.received ?? []) this.#add(item, plan);
  }

  #add(item: NewReceived, plan: Plan): void {
    const { from: peer, digest, jti, kind, verdict, receipt, ...rest } = item;
    const key = keyOf(peer, digest);
    const before = this.known.verdicts.get(key);
    if (before !== undefined && (before !== 'quarantined' || verdict === 'quarantined')) return;
    const reused = item.code === 'jti_reused';
    if (verdict !== 'quarantined' && !reused) this.#takeName(peer, jti, digest);
    this.known.verdicts.set(key, verdict);
    const position = plan.nextRecord();
    this.#received.push({ ...rest, peer, digest, jti, kind, verdict, receipt, position, receivedAt: plan.at });
    const row = { peer, digest, jti, position, kind, verdict, reused, receipt, paged: false, arrivedAt: plan.at, state: 'new' as const };
    const inPlan = this.#arrived.has(key) || before === undefined;
    (inPlan ? this.#arrived : this.#replaced).set(key, row);
    plan.leaf(leafOf.received(item));
    plan.notify('inbox', peer);
  }

  #takeName(peer: string, jti: string, digest: string): void {
    const holder = this.known.names.get(keyOf(peer, jti));
    if (holder !== undefined && holder !== digest) throw new StoreError('jti_reused', `${peer} has another release with the jti ${jti}`);
    this.known.names.set(keyOf(peer, jti), digest);
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertReceived(this.#received);
    yield* insertInbox([...this.#arrived.values()]);
    yield* replaceInInbox([...this.#replaced.values()]);
    yield* settleEntries([...this.#arrived.values()]);
  }
}

/** Entries of pages that came before their release. */
function settleEntries(arrived: { peer: string; digest: string }[]): pg.QueryConfig[] {
  if (arrived.length === 0) return [];
  const text = `WITH settled AS (
      UPDATE page_entry e SET settled = true FROM unnest($1::text[], $2::bytea[]) AS a (peer, digest)
      WHERE e.peer = a.peer AND e.digest = a.digest RETURNING e.peer, e.digest)
    UPDATE inbox i SET paged = true FROM settled s WHERE i.peer = s.peer AND i.digest = s.digest`;
  const values = [arrived.map((a) => a.peer), arrived.map((a) => Buffer.from(a.digest, 'base64url'))];
  return [{ name: 'settle entries', text, values }];
}

export const received: Group<Act> = {
  uses: (act) => act.received !== undefined,
  open: async (client, acts) => {
    const known = await readKnown(
      client,
      acts.flatMap((act) => act.received ?? []),
    );
    return () => new ReceivedWriter({ verdicts: new Map(known.verdicts), names: new Map(known.names) });
  },
};
