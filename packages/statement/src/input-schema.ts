import { inputSchema } from './envelope.js';
import type { Kind } from './kinds/kind.js';
import type { Annotated } from './schema/members.js';

const made = new WeakMap<Kind, Annotated>();

/** The whole schema of what is handed in for a kind, in the working vocabulary (`x-list` and the like). */
export function inputSchemaOf(kind: Kind): Annotated {
  const schema = made.get(kind) ?? (inputSchema(kind.name, kind.body, kind.relates) as Annotated);
  made.set(kind, schema);
  return schema;
}
