/** Which fields of a kind are not in what this node holds. The signature does not tell whether they were withheld or never said. */
import { type Field, fields, type Json, type Kind } from '@entente/statement';

type Body = Readonly<Record<string, Json | undefined>>;

/** JSON pointers: members of the body, and of its elements those of a class that can be withheld apart from the element. */
export function notShown(kind: Kind, body: Body): string[] {
  const known = fields(kind).map((field) => ({ field, path: field.pointer.split('/').slice(1) }));
  const members = known.filter(({ path }) => path.length === 2 && path[0] === 'body' && !Object.hasOwn(body, path[1]!));
  return [
    ...members.map(({ field }) => field.pointer),
    ...known.flatMap(({ field, path }) => absentFromElements(known, field, path, body)),
  ];
}

function absentFromElements(known: { field: Field }[], field: Field, path: string[], body: Body): string[] {
  const [root, member, star, name, ...deeper] = path;
  if (root !== 'body' || star !== '*' || name === undefined || deeper.length > 0) return [];
  // An element is of the class of its id: both are disclosed as one.
  const own = known.find((other) => other.field.pointer === `/body/${member}/*/id`)?.field.classes ?? [];
  const elements = body[member!];
  if (!Array.isArray(elements) || field.classes.some((one) => own.includes(one))) return [];
  return elements.flatMap((element, at) => (isRecord(element) && Object.hasOwn(element, name) ? [] : [`/body/${member}/${at}/${name}`]));
}

const isRecord = (value: Json): value is { [name: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);
