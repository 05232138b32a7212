import { codeOf } from '../code-lists.js';
import { isObject, type Json, own } from '../json.js';
import { itemsOf, memberOf } from './annotate.js';
import type { Annotated, ByScheme } from './members.js';

/** A value with the schema that describes it; `beside` is the object that it stands in. */
export interface Visit {
  pointer: string;
  node: Annotated;
  value: Json;
  beside: Json;
}

/** Every value that the schema knows, containers before what is in them. Names unknown to the schema are passed over. */
export function walk(node: Annotated, value: Json, pointer = ''): Visit[] {
  const visits: Visit[] = [];
  descend(visits, node, value, pointer, null);
  return visits;
}

function descend(visits: Visit[], node: Annotated, value: Json, pointer: string, beside: Json): void {
  visits.push({ pointer, node, value, beside });
  if (Array.isArray(value)) {
    const items = itemsOf(node);
    if (items) for (let i = 0; i < value.length; i++) descend(visits, items, value[i]!, `${pointer}/${i}`, beside);
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      const member = memberOf(node, name);
      if (member) descend(visits, member, value[name]!, `${pointer}/${name}`, value);
    }
  }
}

/** What an annotation names: itself, or what the code beside says of it. */
export function named(note: string | ByScheme | undefined, property: 'check' | 'search', beside: Json): string | undefined {
  if (note === undefined || typeof note === 'string') return note;
  const code = own(beside, note.by);
  const found = typeof code === 'string' ? codeOf(note.list, code)?.[property] : undefined;
  return typeof found === 'string' ? found : undefined;
}
