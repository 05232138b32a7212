import type pg from 'pg';
import type { Act, Committed, Idempotency } from '../act.js';
import { inserter } from '../database/rows.js';
import { StoreError } from '../error.js';
import { idempotency as table } from '../tables/work.js';

type Row = typeof table.$inferInsert;

const insertKeys = inserter(table);
const keyOf = (actor: string, key: string) => `${actor.length} ${actor} ${key}`;

/** Keys that were used before, in the database or earlier in the same batch. */
export class IdempotencyKeys {
  readonly #known: Map<string, Row>;
  readonly #new: Row[] = [];

  private constructor(known: Map<string, Row>) {
    this.#known = known;
  }

  /** Whoever holds the heads sees every key that was committed, so no two transactions can use one at once. */
  static async read(client: pg.ClientBase, acts: readonly Act[]): Promise<() => IdempotencyKeys> {
    const asked = acts.flatMap((act) => act.idempotency ?? []);
    const known = asked.length === 0 ? [] : await readRows(client, asked);
    return () => new IdempotencyKeys(new Map(known.map((row) => [keyOf(row.actor, row.key), row])));
  }

  /** The stored answer, if the key was used for the same request. */
  replay({ idempotency }: Act): { status: number; body: unknown } | undefined {
    const row = idempotency && this.#known.get(keyOf(idempotency.actor, idempotency.key));
    if (row === undefined) return undefined;
    if (Buffer.compare(row.requestHash, idempotency!.requestHash) !== 0) {
      throw new StoreError('idempotency_mismatch', 'this idempotency key was used for another request');
    }
    return { status: row.status, body: row.body };
  }

  keep({ idempotency }: Act, committed: Committed): void {
    if (idempotency === undefined) return;
    const { actor, key, requestHash, respond } = idempotency;
    const { status, body } = respond(committed);
    const row = { actor, key, requestHash, status, body, at: committed.at };
    this.#known.set(keyOf(actor, key), row);
    this.#new.push(row);
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertKeys(this.#new);
  }
}

async function readRows(client: pg.ClientBase, asked: readonly Idempotency[]): Promise<Row[]> {
  const text = `SELECT actor, key, request_hash AS "requestHash", status, body, at FROM idempotency
    WHERE (actor, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;
  const values = [asked.map((a) => a.actor), asked.map((a) => a.key)];
  const { rows } = await client.query<Row>({ name: 'idempotency keys', text, values });
  return rows;
}
