import type pg from 'pg';
import { readLog } from '../commit/heads.js';
import type { CheckpointRecord } from '../records.js';
import type { Logs } from '../store.js';

/** The access log leaves the agency for nobody, so nobody cosigns it. */
const columns = `epoch, size, root, note, at, CASE WHEN log = 'exchange' THEN
  (SELECT json_agg(json_build_object('witness', s.witness, 'line', s.line, 'at', s.at) ORDER BY s.at, s.witness)
    FROM cosignature s WHERE s.epoch = checkpoint.epoch AND s.size = checkpoint.size) END AS cosignatures`;
const select = `SELECT ${columns} FROM checkpoint WHERE log = $1 AND epoch = $2`;

type Row = Omit<CheckpointRecord, 'cosignatures'> & Partial<Pick<CheckpointRecord, 'cosignatures'>>;

export function readCheckpoints(pool: pg.Pool): Pick<Logs, 'latestCheckpoint' | 'checkpointAt' | 'checkpoints' | 'addCosignature'> {
  async function read(name: string, text: string, values: unknown[]): Promise<CheckpointRecord[]> {
    const { rows } = await pool.query<Row>({ name, text, values });
    return rows.map((row) => ({ ...row, root: new Uint8Array(row.root), cosignatures: row.cosignatures ?? [] }));
  }
  return {
    latestCheckpoint: async (log, epoch) => {
      const wanted = epoch ?? (await readLog(pool, log)).epoch;
      return (await read('latest checkpoint', `${select} ORDER BY size DESC LIMIT 1`, [log, wanted]))[0];
    },
    checkpointAt: async (log, epoch, size) => (await read('checkpoint at', `${select} AND size = $3`, [log, epoch, size]))[0],
    checkpoints: (log, epoch, from, limit) =>
      read('checkpoints', `${select} AND size >= $3 ORDER BY size LIMIT $4`, [log, epoch, from, limit]),
    addCosignature: async ({ epoch, size, witness, line, at }) => {
      const text = 'INSERT INTO cosignature (epoch, size, witness, line, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING';
      await pool.query({ name: 'add cosignature', text, values: [epoch, size, witness, line, at] });
    },
  };
}
