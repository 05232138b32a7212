import { createHash } from 'node:crypto';
import type { Column } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { QueryConfig } from 'pg';
import { binaryArray } from './binary-array.js';

type Rows<T extends PgTable> = T['$inferInsert'][];

/**
 * Inserts any number of rows, none included, by one statement prepared once per connection: one array per column, unnested. The columns
 * are those of the drizzle table.
 */
export function inserter<T extends PgTable>(table: T, onConflict = ''): (rows: Rows<T>) => QueryConfig[] {
  const { name } = getTableConfig(table);
  const columns = columnsOf(table);
  const list = columns.map(([, column]) => `"${column.name}"`).join(', ');
  const text = `INSERT INTO "${name}" (${list}) SELECT * FROM unnest(${parameters(columns)}) ${onConflict}`;
  const label = named(`insert ${name}`, text);
  return (rows) => (rows.length === 0 ? [] : [{ name: label, text, values: arrays(columns, rows) }]);
}

/** Updates rows found by `keys`, by one statement: every other column of the drizzle table named in `set` gets the row's value. */
export function updater<T extends PgTable, K extends keyof T['$inferInsert'] & string, S extends keyof T['$inferInsert'] & string>(
  table: T,
  keys: readonly K[],
  set: readonly S[],
): (rows: Pick<T['$inferInsert'], K | S>[]) => QueryConfig[] {
  const { name } = getTableConfig(table);
  const columns = columnsOf(table).filter(
    ([member]) => (keys as readonly string[]).includes(member) || (set as readonly string[]).includes(member),
  );
  const list = columns.map(([, column]) => `"${column.name}"`).join(', ');
  const of = (members: readonly string[]) =>
    columns.filter(([member]) => members.includes(member)).map(([, { name: column }]) => `"${column}"`);
  const assignments = of(set).map((column) => `${column} = new.${column}`);
  const conditions = of(keys).map((column) => `t.${column} = new.${column}`);
  const text = `UPDATE "${name}" t SET ${assignments.join(', ')} FROM unnest(${parameters(columns)}) AS new (${list}) WHERE ${conditions.join(' AND ')}`;
  const label = named(`update ${name}`, text);
  return (rows) => (rows.length === 0 ? [] : [{ name: label, text, values: arrays(columns, rows as Record<string, unknown>[]) }]);
}

/** PostgreSQL cuts a statement's name at 63 bytes: a digest keeps two of one table apart. */
const named = (what: string, text: string): string => `${what} ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;

type Member = [member: string, column: Column];

function columnsOf(table: PgTable): Member[] {
  const byName = new Map(Object.entries(table).map(([member, column]) => [(column as Column).name, member]));
  return getTableConfig(table).columns.map((column) => [byName.get(column.name)!, column]);
}

function parameters(columns: Member[]): string {
  return columns.map(([, column], i) => `$${i + 1}::${column.getSQLType()}[]`).join(', ');
}

function arrays(columns: Member[], rows: readonly Record<string, unknown>[]): Buffer[] {
  return columns.map(([member, column]) => {
    const values = rows.map((row) => {
      const value = row[member];
      return value === undefined || value === null ? null : column.mapToDriverValue(value);
    });
    return binaryArray(column.getSQLType(), values);
  });
}
