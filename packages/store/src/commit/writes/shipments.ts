import type pg from 'pg';
import type { Act, ShipmentWrite } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { declaration, shipment } from '../../tables/work.js';
import type { Group, Plan, Writer } from '../plan.js';

type ShipmentRow = typeof shipment.$inferInsert;

const insertShipments = inserter(shipment);
const updateShipments = updater(shipment, ['id'], ['version', 'state', 'direction', 'ciphertext', 'wrappedKey', 'kekId', 'updatedAt']);
const updateDrafts = updater(shipment, ['id'], ['draft']);
const insertDeclarations = inserter(declaration);

interface Known {
  versions: Map<string, number>;
  fingerprints: Set<string>;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

class ShipmentWriter implements Writer<Act> {
  readonly #new: ShipmentRow[] = [];
  readonly #changes: ShipmentRow[] = [];
  readonly #declarations: (typeof declaration.$inferInsert)[] = [];

  constructor(readonly known: Known) {}

  add(act: Act, plan: Plan): void {
    for (const write of act.shipments ?? []) this.#addShipment(write, plan);
    for (const { sealed, ...item } of act.declarations ?? []) {
      const fingerprint = hex(item.fingerprint);
      if (this.known.fingerprints.has(fingerprint)) throw new StoreError('version_conflict', 'this declaration is there already');
      this.known.fingerprints.add(fingerprint);
      this.#declarations.push({ ...item, ...sealed, at: plan.at });
    }
  }

  #addShipment({ sealed, ...write }: ShipmentWrite, plan: Plan): void {
    const before = this.known.versions.get(write.id) ?? 0;
    if (write.version !== before + 1) throw new StoreError('version_conflict', `shipment ${write.id} is at version ${before}`);
    this.known.versions.set(write.id, write.version);
    const row = { ...write, ...sealed, updatedAt: plan.at, createdAt: plan.at, position: 0 };
    if (before > 0) this.#changes.push(row);
    else this.#new.push({ ...row, position: plan.nextRecord() });
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertShipments(this.#new);
    for (const change of this.#changes) {
      yield* updateShipments([change]);
      if (change.draft !== undefined) yield* updateDrafts([change]);
    }
    yield* insertDeclarations(this.#declarations);
  }
}

async function readKnown(client: pg.ClientBase, acts: readonly Act[]): Promise<Known> {
  const ids = acts.flatMap((act) => act.shipments ?? []).map((write) => write.id);
  const prints = acts.flatMap((act) => act.declarations ?? []).map((item) => item.fingerprint);
  const versions = await client.query<{ id: string; version: number }>({
    name: 'shipment versions',
    text: 'SELECT id, version FROM shipment WHERE id = ANY ($1)',
    values: [ids],
  });
  const fingerprints = await client.query<{ fingerprint: Buffer }>({
    name: 'known declarations',
    text: 'SELECT fingerprint FROM declaration WHERE fingerprint = ANY ($1::bytea[])',
    values: [prints],
  });
  return {
    versions: new Map(versions.rows.map(({ id, version }) => [id, version])),
    fingerprints: new Set(fingerprints.rows.map((row) => hex(row.fingerprint))),
  };
}

export const shipments: Group<Act> = {
  uses: (act) => act.shipments !== undefined || act.declarations !== undefined,
  open: async (client, acts) => {
    const known = await readKnown(client, acts);
    return () => new ShipmentWriter({ versions: new Map(known.versions), fingerprints: new Set(known.fingerprints) });
  },
};
