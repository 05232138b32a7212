import { codeOf } from '../code-lists.js';
import { isObject, type Json, own, token } from '../json.js';
import { childrenOf } from './annotate.js';
import type { Annotated, ByScheme } from './members.js';

/** A value with the schema that describes it; `beside` is the object that it stands in. */
export interface Visit {
  pointer: string;
  node: Annotated;
  value: Json;
  beside: Json;
}

/** Every value that the schema knows, containers before what is in them. Names unknown to the schema are passed over. */
export function* walk(node: Annotated, value: Json, pointer = '', beside: Json = null): Generator<Visit> {
  yield { pointer, node, value, beside };
  const { items, properties } = childrenOf(node);
  if (items && Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* walk(items, item, `${pointer}/${i}`, beside);
  }
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(properties)) {
    const inner = own(value, name);
    if (inner !== undefined) yield* walk(member, inner, `${pointer}/${token(name)}`, value);
  }
}

/** What an annotation names: itself, or what the code beside says of it. */
export function named(note: string | ByScheme | undefined, property: 'check' | 'search', beside: Json): string | undefined {
  if (note === undefined || typeof note === 'string') return note;
  const code = own(beside, note.by);
  const found = typeof code === 'string' ? codeOf(note.list, code)?.[property] : undefined;
  return typeof found === 'string' ? found : undefined;
}
