import type pg from 'pg';
import type { LogName } from '../records.js';
import type { Logs } from '../store.js';

/** One value for all the hashes of a tile: a row for each would cost several times as much to send and to read. */
const leafText = `SELECT string_agg(hash, '' ORDER BY position) AS hashes FROM log_leaf
  WHERE log = $1 AND epoch = $2 AND position >= $3 AND position < $3 + $4`;
const tileText = `SELECT string_agg(hash, '' ORDER BY idx) AS hashes FROM log_hash
  WHERE log = $1 AND epoch = $2 AND level = $5 AND idx >= $3 AND idx < $3 + $4`;

export function hashReader(pool: Pick<pg.ClientBase, 'query'>): Logs['hashes'] {
  return async (name: LogName, epoch, level, index, count) => {
    const query =
      level === 0
        ? { name: 'leaf hashes', text: leafText, values: [name, epoch, index, count] }
        : { name: 'tile hashes', text: tileText, values: [name, epoch, index, count, level] };
    const { rows } = await pool.query<{ hashes: Buffer | null }>(query);
    const hashes = rows[0]!.hashes ?? Buffer.alloc(0);
    return Array.from({ length: hashes.length / 32 }, (_, i) => new Uint8Array(hashes.subarray(32 * i, 32 * i + 32)));
  };
}
