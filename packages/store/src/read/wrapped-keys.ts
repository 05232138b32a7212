import type pg from 'pg';
import type { LivingKey, WrappedKey } from '../records.js';
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

/** What a key that is kept apart is found by again: the name, and what a content or attachment of that name that came later does not share. */
const living: Readonly<Record<LivingKey['table'], { name: string; born: string }>> = {
  content: { name: 'ref', born: 'position' },
  attachment: { name: 'name', born: 'created_at' },
};

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
    livingKeys: async (table, { after, limit }) => {
      const { name, born } = living[table];
      const { rows } = await pool.query<{ name: Buffer; born: number; wrappedKey: Buffer; kekId: string }>({
        name: `living keys ${table}`,
        text: `SELECT ${name} AS name, ${born} AS born, wrapped_key AS "wrappedKey", kek_id AS "kekId" FROM ${table}
          WHERE (${born}, ${name}) > ($1::bigint, $2::bytea) ORDER BY ${born}, ${name} LIMIT $3`,
        values: [after.born, Buffer.from(after.name, 'base64url'), limit],
      });
      return rows.map((row) => ({ ...row, table, name: text(row.name) }));
    },
    hasForeignKeys: async (known) => {
      const { rows } = await pool.query<{ foreign: boolean }>(
        `SELECT EXISTS (SELECT FROM content WHERE kek_id <> ALL ($1)) OR EXISTS (SELECT FROM attachment WHERE kek_id <> ALL ($1)) AS foreign`,
        [known],
      );
      return rows[0]!.foreign;
    },
    adoptKeys: async (table, keys, known) => {
      const { name, born } = living[table];
      const { rowCount } = await pool.query({
        name: `adopt keys ${table}`,
        text: `UPDATE ${table} t SET wrapped_key = k.key, kek_id = k.kek
          FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::text[]) AS k (name, born, key, kek)
          WHERE t.${name} = k.name AND t.${born} = k.born AND t.kek_id <> ALL ($5::text[])`,
        values: [
          keys.map((key) => Buffer.from(key.name, 'base64url')),
          keys.map((key) => key.born),
          keys.map((key) => Buffer.from(key.wrappedKey)),
          keys.map((key) => key.kekId),
          known,
        ],
      });
      return rowCount ?? 0;
    },
    lostAttachments: async (known, limit) => {
      const { rows } = await pool.query<{ name: Buffer }>('SELECT name FROM attachment WHERE kek_id <> ALL ($1) LIMIT $2', [known, limit]);
      return rows.map((row) => row.name);
    },
    renewAttachment: async (name, { wrappedKey, kekId }) => {
      const renew = `UPDATE attachment SET state = 'partial', wrapped_key = $2, kek_id = $3 WHERE name = $1`;
      await pool.query({ name: 'renew attachment', text: renew, values: [name, wrappedKey, kekId] });
      await pool.query('SELECT restart_attachment($1)', [name]);
    },
  };
}
