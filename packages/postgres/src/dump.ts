import pg from 'pg';

export interface DumpedRow {
  /** Schema and table, for instance `public.statement`. */
  table: string;
  /** The row's values as text, parted by tabs. Bytes that are UTF-8 text appear as that text, others in hexadecimal. */
  row: string;
}

const rowsAtOnce = 500;

/**
 * Every row of every table of the database, as of one moment. For looking whether something stands in a database that should
 * not: row-level security refuses rather than hides. Connect as superuser or owner.
 */
export async function* dump(url: string): AsyncGenerator<DumpedRow> {
  const asText = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;
  const client = new pg.Client({ connectionString: url, types: asText });
  await client.connect();
  try {
    await client.query('SET row_security = off; SET bytea_output = hex; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    for (const table of await tables(client)) yield* rowsOf(client, table);
  } finally {
    await client.end();
  }
}

interface Table {
  schema: string;
  name: string;
}

async function tables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
     ORDER BY 1, 2`,
  );
  return rows;
}

async function* rowsOf(client: pg.Client, { schema, name }: Table): AsyncGenerator<DumpedRow> {
  await client.query(`DECLARE dump CURSOR FOR SELECT * FROM ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`);
  let rows: (string | null)[][];
  do {
    ({ rows } = await client.query<(string | null)[]>({ text: `FETCH ${rowsAtOnce} FROM dump`, rowMode: 'array' }));
    for (const values of rows) yield { table: `${schema}.${name}`, row: values.map((value) => decodeBytes(value ?? '')).join('\t') };
  } while (rows.length === rowsAtOnce);
  await client.query('CLOSE dump');
}

/** Bytes stand as \x...; inside of arrays the backslash is doubled. */
function decodeBytes(value: string): string {
  return value.replace(/\\{1,2}x((?:[0-9a-f]{2})+)/g, (hex, digits: string) => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(digits, 'hex'));
    } catch {
      return hex;
    }
  });
}
