/** Columns of a table of statements of one kind: its header, and the members of its body under the labels of the kind. */
import { type Field, fields, type Json, type Kind, text } from '@entente/statement';

export interface Exported {
  header: Record<string, unknown>;
  body: Record<string, unknown>;
  rel: unknown;
}
type Cell = string | number | boolean | undefined;
export interface Column {
  title: string;
  cell(record: Exported): Cell;
}

const headerMembers = [
  'digest',
  'originator',
  'own',
  'jti',
  'kind',
  'ver',
  'exercise',
  'lang',
  'issued_at',
  'valid_from',
  'valid_until',
  'stored_at',
];

/** Lists and their elements stand in one cell, as JSON: nothing is lost. */
export function columnsOf(kind: Kind): Column[] {
  const known = fields(kind);
  const members = known.filter((field) => isColumn(field, known));
  const titles = members.map(({ label }) => text(label));
  return [
    ...headerMembers.map((member): Column => ({ title: member, cell: ({ header }) => cellOf(header[member]) })),
    ...members.map(({ pointer }, i): Column => {
      const path = pointer.split('/').slice(2);
      const title = titles.indexOf(titles[i]!) === titles.lastIndexOf(titles[i]!) ? titles[i]! : `${titles[i]} (${path.join('/')})`;
      return { title, cell: ({ body }) => cellOf(at(body, path)) };
    }),
    { title: 'rel', cell: ({ rel }) => cellOf(rel) },
  ];
}

/** Members of the body, and of its objects instead of these; of no list, whose elements differ in number. */
function isColumn({ pointer, type }: Field, known: readonly Field[]): boolean {
  if (!pointer.startsWith('/body/') || pointer.includes('/*')) return false;
  return type !== 'object' || !known.some((other) => other.pointer.startsWith(`${pointer}/`) && !other.pointer.includes('/*'));
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name) ? (inner as Record<string, Json>)[name] : undefined,
    value,
  );
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) && value.length === 0 ? undefined : JSON.stringify(value);
}
