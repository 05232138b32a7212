/** Tables for people: what a partner would see and why, and what each of them sees. */
import type { Json } from '@entente/statement';
import { leafPointers } from './leaks.js';

export interface PreviewedPart {
  pointer: string;
  data_class: string;
  shown: boolean;
  reason: string;
}

/** Pointers as a person says them: `/body/parties/3/subject_category` and `/body/parties/0/names` are both `parties`. */
export const membersOf = (pointers: string[]): string =>
  [
    ...new Set(
      pointers.map((pointer) =>
        pointer
          .replace(/^\/body/, '')
          .split('/')[1]!
          .replaceAll('_', ' '),
      ),
    ),
  ].join(', ');

/** Parts with the same answer and the same reason share a row. */
export function partsTable(parts: PreviewedPart[]): string[][] {
  const groups = new Map<string, PreviewedPart[]>();
  for (const part of parts) {
    const name = `${part.shown} ${part.reason}`;
    groups.set(name, [...(groups.get(name) ?? []), part]);
  }
  const rows = [...groups.values()].map((group) => [
    group[0]!.shown ? 'released' : 'withheld',
    [...new Set(group.map((part) => part.data_class))].join(' '),
    group.map((part) => part.pointer.replace(/^\/body\//, '')).join(', '),
    group[0]!.reason,
  ]);
  return [['', 'class', 'parts', 'because'], ...rows];
}

const WITHHELD = '- withheld -';
const LONGEST = 40;

/** A row per value; values that all see alike are counted, not shown. */
export function sideBySide(written: Json, views: { name: string; view: Json }[]): string[][] {
  const pointers = leafPointers(written);
  const rows = pointers.map((pointer) => [short(pointer), cut(at(written, pointer)), ...views.map(({ view }) => seen(view, pointer))]);
  const differing = rows.filter((row) => row.slice(2).includes(WITHHELD));
  const alike = rows.filter((row) => !row.slice(2).includes(WITHHELD));
  return [
    ['', 'written', ...views.map((v) => v.name)],
    ...alike.slice(0, 6),
    ...(alike.length > 6 ? [[`... ${alike.length - 6} more values`, '', ...views.map(() => 'the same')]] : []),
    ...differing,
  ];
}

const short = (pointer: string): string => pointer.replace(/^\/body\//, '');
const seen = (view: Json, pointer: string): string => {
  const value = at(view, pointer);
  return value === undefined ? WITHHELD : cut(value);
};

function at(value: Json, pointer: string): Json | undefined {
  return pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>(
      (inner, name) => (inner as Record<string, Json> | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')],
      value,
    );
}

function cut(value: Json | undefined): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
