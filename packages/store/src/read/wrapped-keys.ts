import type pg from 'pg';
import type { WrappedKey } from '../records.js';
import type { WrappedKeys } from '../store.js';

/** Whatever is encrypted: its table, how its row is found, and what its additional data are made of. */
const places: Readonly<Record<WrappedKey['table'], { row: string; name: string }>> = {
  content: { row: 'position', name: 'ref' },
  draft: { row: 'id', name: 'id' },
  shipment: { row: 'id', name: 'id' },
  declaration: { row: 'fingerprint', name: 'shipment' },
  quarantine: { row: 'position', name: 'release' },
  watch: { row: 'id', name: 'id' },
  webhook: { row: 'id', name: 'id' },
  attachment: { row: 'name', name: 'name' },
  subject_request: { row: 'id', name: 'id' },
};
const tables = Object.keys(places) as WrappedKey['table'][];

const text = (value: string | number | Buffer): string => (Buffer.isBuffer(value) ? value.toString('base64url') : String(value));

export function readWrappedKeys(pool: pg.Pool): WrappedKeys {
  return {
    wrappedUnder: async (kekIds, limit) => {
      const found: WrappedKey[] = [];
      for (const table of tables) {
        const { row, name } = places[table];
        type Row = { row: string | number | Buffer; name: string | Buffer; wrappedKey: Buffer; kekId: string };
        const { rows } = await pool.query<Row>({
          name: `wrapped under ${table}`,
          text: `SELECT ${row} AS row, ${name} AS name, wrapped_key AS "wrappedKey", kek_id AS "kekId" FROM ${table}
            WHERE wrapped_key IS NOT NULL AND kek_id = ANY ($1) LIMIT $2`,
          values: [kekIds, limit - found.length],
        });
        found.push(...rows.map((key) => ({ ...key, table, row: text(key.row), name: text(key.name) })));
        if (found.length >= limit) break;
      }
      return found;
    },
    rewrap: async (keys) => {
      for (const table of tables) {
        const ours = keys.filter((key) => key.table === table);
        if (ours.length === 0) continue;
        const { row } = places[table];
        const type = row === 'position' ? 'bigint' : row === 'fingerprint' || row === 'name' ? 'bytea' : 'text';
        await pool.query({
          name: `rewrap ${table}`,
          text: `UPDATE ${table} t SET wrapped_key = k.key, kek_id = k.kek FROM unnest($1::${type}[], $2::bytea[], $3::bytea[], $4::text[]) AS k (row, was, key, kek)
            WHERE t.${row} = k.row AND t.wrapped_key = k.was`,
          values: [
            ours.map((key) => (type === 'bytea' ? Buffer.from(key.row, 'base64url') : key.row)),
            ours.map((key) => Buffer.from(key.was)),
            ours.map((key) => Buffer.from(key.wrappedKey)),
            ours.map((key) => key.kekId),
          ],
        });
      }
    },
    contentKeys: async ({ after, limit }) => {
      const { rows } = await pool.query<{ position: number; ref: Buffer; wrappedKey: Buffer; kekId: string }>({
        name: 'content keys',
        text: 'SELECT position, ref, wrapped_key AS "wrappedKey", kek_id AS "kekId" FROM content WHERE position > $1 ORDER BY position LIMIT $2',
        values: [after, limit],
      });
      return rows.map(({ ref, ...row }) => ({ ...row, ref: ref.toString('base64url') }));
    },
    hasForeignKeys: async (known) => {
      const { rows } = await pool.query<{ foreign: boolean }>(`SELECT EXISTS (SELECT FROM content WHERE kek_id <> ALL ($1)) AS foreign`, [
        known,
      ]);
      return rows[0]!.foreign;
    },
    adoptContentKeys: async (keys, known) => {
      const { rowCount } = await pool.query({
        name: 'adopt content keys',
        text: `UPDATE content c SET wrapped_key = k.key, kek_id = k.kek FROM content_name n, unnest($1::bytea[], $2::bytea[], $3::text[]) AS k (ref, key, kek)
          WHERE n.ref = k.ref AND c.position = n.position AND c.kek_id <> ALL ($4::text[])`,
        values: [
          keys.map((key) => Buffer.from(key.ref, 'base64url')),
          keys.map((key) => Buffer.from(key.wrappedKey)),
          keys.map((key) => key.kekId),
          known,
        ],
      });
      return rowCount ?? 0;
    },
  };
}
