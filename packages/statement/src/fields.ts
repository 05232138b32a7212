import { type ClassRule, type DataClass, possibleClasses } from './data-class.js';
import { inputSchemaOf } from './input-schema.js';
import type { Kind } from './kinds/kind.js';
import { itemsOf, membersOf } from './schema/annotate.js';
import type { Annotated } from './schema/members.js';

/** One field of a kind: what release preview, forms and export columns are made from. */
export interface Field {
  /** JSON pointer into the input, `*` for any element: `/body/goods/*` + `/value` */
  pointer: string;
  /** the rule, and every class that it can give */
  classRule: ClassRule;
  classes: DataClass[];
  list?: string;
  /** key of the text catalogue */
  label: string;
  type: 'string' | 'integer' | 'boolean' | 'object' | 'array';
  required: boolean;
  freeText: boolean;
  /** always open: never withheld */
  open: boolean;
}

/** Every field of the kind's input, containers before what is in them. */
export function fields(kind: Kind): Field[] {
  return [...within(inputSchemaOf(kind), '', true)];
}

function* within(node: Annotated, pointer: string, open: boolean): Generator<Field> {
  const items = itemsOf(node);
  if (items) yield* within(items, `${pointer}/*`, open);
  const required = new Set((node as { required?: string[] }).required);
  for (const [name, member] of Object.entries(membersOf(node))) {
    const at = `${pointer}/${name}`;
    const inOpen = open && at !== '/body' && at !== '/rel';
    yield field(member, at, required.has(name), inOpen);
    yield* within(member, at, inOpen);
  }
}

function field(node: Annotated, pointer: string, required: boolean, open: boolean): Field {
  const list = node['x-list'] ?? itemsOf(node)?.['x-list'];
  const type = 'const' in node ? 'string' : ((node as { type?: Field['type'] }).type ?? 'object');
  const freeText = (node['x-text'] ?? itemsOf(node)?.['x-text']) === true;
  const classRule = node['x-class']!;
  const classes = possibleClasses(classRule);
  return { pointer, classRule, classes, ...(list ? { list } : {}), label: node['x-label']!, type, required, freeText, open };
}
