import { codeList, codesOf } from './code-lists.js';
import { inputSchemaOf } from './input-schema.js';
import { isObject, type Json, type JsonObject } from './json.js';
import type { Kind } from './kinds/kind.js';

/**
 * The published JSON Schema (draft 2020-12) of what is handed in for a kind: self-contained, code lists written out under `$defs`, with
 * an example. Validators that do not know the `x-` annotations may pass them over.
 */
export function jsonSchema(kind: Kind): JsonObject {
  const used = new Set<string>();
  const root = published(inputSchemaOf(kind) as unknown as Json, used) as JsonObject;
  const lists = [...used].sort().map((id): [string, JsonObject] => [id, { title: codeList(id).title, enum: codesOf(id) }]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:entente:kind:${kind.name}:${kind.ver}`,
    title: kind.name,
    ...root,
    $defs: Object.fromEntries(lists),
    examples: [kind.example as unknown as Json],
  };
}

function published(node: Json, used: Set<string>): Json {
  if (Array.isArray(node)) return node.map((item) => published(item, used));
  if (!isObject(node)) return node;
  const copy: JsonObject = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, published(value, used)]));
  const list = node['x-list'];
  if (typeof list !== 'string' || codeList(list).closed === false) return copy;
  used.add(list);
  return { ...copy, $ref: `#/$defs/${list}` };
}
