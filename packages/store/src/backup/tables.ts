import type pg from 'pg';

export interface Table {
  name: string;
  columns: string[];
}

/** What a migrated database has by itself. */
const notKept: ReadonlySet<string> = new Set(['migration', 'partitioned']);

interface TableRow {
  name: string;
  columns: string[];
  /** Tables that it refers to. */
  needs: string[];
}

const tablesText = `SELECT c.relname AS name,
  (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
  ARRAY(SELECT DISTINCT confrelid::regclass::text FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS needs
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`;

/** Every table of a node's own data, each after those that it refers to. */
export async function tablesOf(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<TableRow>(tablesText);
  const kept = new Map(rows.filter(({ name }) => !notKept.has(name)).map((row) => [row.name, row]));
  const ordered = new Map<string, Table>();
  const add = ({ name, columns, needs }: TableRow): void => {
    if (ordered.has(name)) return;
    for (const need of needs) if (kept.has(need)) add(kept.get(need)!);
    ordered.set(name, { name, columns });
  };
  for (const row of kept.values()) add(row);
  return [...ordered.values()];
}

export const columnList = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ');
