import type pg from 'pg';
import type { Act, Digest, ReceiptHeld, Verdict } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { offer, receiptHeld } from '../../tables/outgoing.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertReceipts = inserter(receiptHeld);
const updateOffers = updater(offer, ['peer', 'epoch', 'position'], ['state', 'verdict', 'code', 'receipt', 'receiptAt']);

interface Offer {
  peer: string;
  epoch: number;
  position: number;
  state: 'queued' | Verdict | 'void';
  verdict: Verdict | null;
  code: string | null;
  receipt: Digest | null;
  receiptAt: number | null;
}

interface Known {
  receipts: Set<Digest>;
  /** By peer and digest of the release. */
  offers: Map<string, Offer>;
}

const keyOf = (peer: string, release: Digest) => `${release} ${peer}`;

async function readKnown(client: pg.ClientBase, items: readonly ReceiptHeld[]): Promise<Known> {
  const named = items.flatMap((receipt) => receipt.items.map((item) => ({ peer: receipt.from, release: item.release })));
  const bytes = (digest: Digest) => Buffer.from(digest, 'base64url');
  const receipts = await client.query<{ digest: Buffer }>({
    name: 'known receipts',
    text: 'SELECT digest FROM receipt_held WHERE digest = ANY ($1::bytea[])',
    values: [items.map((receipt) => bytes(receipt.digest))],
  });
  const offers = await client.query<Omit<Offer, 'receipt'> & { digest: Buffer; receipt: Buffer | null }>({
    name: 'known offers',
    text: `SELECT peer, epoch, position, digest, state, verdict, code, receipt, receipt_at AS "receiptAt" FROM offer
      WHERE (peer, digest) IN (SELECT * FROM unnest($1::text[], $2::bytea[]))`,
    values: [named.map((item) => item.peer), named.map((item) => bytes(item.release))],
  });
  return {
    receipts: new Set(receipts.rows.map((row) => row.digest.toString('base64url'))),
    offers: new Map(
      offers.rows.map(({ digest, receipt, ...row }) => [
        keyOf(row.peer, digest.toString('base64url')),
        { ...row, receipt: receipt?.toString('base64url') ?? null },
      ]),
    ),
  };
}

class ReceiptHeldWriter implements Writer<Act> {
  readonly #receipts: (typeof receiptHeld.$inferInsert)[] = [];
  readonly #changed = new Set<Offer>();

  constructor(readonly known: Known) {}

  add(act: Act, plan: Plan): void {
    for (const receipt of act.receiptsHeld ?? []) this.#add(receipt, plan);
  }

  #add(receipt: ReceiptHeld, plan: Plan): void {
    const { from: peer, digest, jwt, items } = receipt;
    const isNew = !this.known.receipts.has(digest);
    this.known.receipts.add(digest);
    if (isNew) this.#receipts.push({ peer, digest, position: plan.nextRecord(), jwt, items, at: plan.at });
    for (const item of items) {
      // A recipient may name what we never sent it: the receipt is kept as it is, the log does not grow by it.
      const offered = this.known.offers.get(keyOf(peer, item.release));
      if (offered === undefined) continue;
      if (isNew) plan.leaf(leafOf.receiptHeld(receipt, item.release));
      this.#judge(offered, item, digest, plan.at);
    }
    plan.notify('receipt', peer);
  }

  /** The first final verdict stands, also when the release was offered again; a void stays void. */
  #judge(offered: Offer, item: { verdict: Verdict; code?: string }, receipt: Digest, at: number): void {
    if (offered.state === 'void') return;
    const first = offered.verdict === null || (offered.verdict === 'quarantined' && item.verdict !== 'quarantined');
    if (first) Object.assign(offered, { verdict: item.verdict, code: item.code ?? null, receipt, receiptAt: at });
    offered.state = offered.verdict!;
    this.#changed.add(offered);
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertReceipts(this.#receipts);
    yield* updateOffers([...this.#changed]);
  }
}

export const receiptsHeld: Group<Act> = {
  uses: (act) => act.receiptsHeld !== undefined,
  open: async (client, acts) => {
    const known = await readKnown(
      client,
      acts.flatMap((act) => act.receiptsHeld ?? []),
    );
    return () =>
      new ReceiptHeldWriter({
        receipts: new Set(known.receipts),
        offers: new Map([...known.offers].map(([key, value]) => [key, { ...value }])),
      });
  },
};
