/** The database as its administrator reaches it: no trigger, no rule of the schema stands in his way. */
import pg from 'pg';

export interface Hit {
  rows: number;
  objects: string[];
}

export interface Tampering {
  /** Runs the attack: how many rows it changed, and which objects, if it says so. */
  attack(sql: string): Promise<Hit>;
  /** Puts the tables back as they were when this was opened, but for what the node has added since. */
  restore(): Promise<void>;
}

/** @param tables those that the attacks of a round write to */
export async function openTampering(url: string, tables: readonly string[]): Promise<Tampering & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url, options: '-c session_replication_role=replica -c entente.peer=*' });
  await client.connect();
  const saved = (table: string) => `tamper_${table}`;
  for (const table of tables) await client.query(`CREATE TEMP TABLE ${saved(table)} AS TABLE ${table}`);
  return {
    attack: async (sql) => {
      const { rowCount, rows } = await client.query<{ object: string }>(sql);
      return { rows: rowCount ?? 0, objects: rows.map(({ object }) => object) };
    },
    restore: async () => {
      for (const table of tables) {
        const { rows } = await client.query<{ column: string }>(
          `SELECT a.attname AS column FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE i.indrelid = $1::regclass AND i.indisprimary`,
          [table],
        );
        const key = rows.map(({ column }) => `"${column}"`).join(', ');
        await client.query('BEGIN');
        await client.query(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${saved(table)})`);
        await client.query(`INSERT INTO ${table} SELECT * FROM ${saved(table)}`);
        await client.query('COMMIT');
      }
      for (const table of tables) await client.query(`DROP TABLE ${saved(table)}`);
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
