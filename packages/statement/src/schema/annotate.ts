import type { TSchema } from 'typebox';
import type { ClassRule } from '../data-class.js';
import type { Annotated } from './members.js';

/**
 * Stamps label and class on a freshly made schema and everything in it, so that no field is without. A nested field has the class of
 * the member that it is part of, unless it names another; the label is its path in the input, e.g. `field.body.goods.value`.
 */
export function annotate<T extends TSchema>(label: string, inherited: ClassRule, schema: T): T {
  const node = schema as Annotated;
  node['x-class'] ??= inherited;
  node['x-label'] ??= label ? `field.${label}` : 'field';
  const items = itemsOf(node);
  if (items) annotate(label, node['x-class'], items);
  for (const [name, member] of Object.entries(membersOf(node))) annotate(label ? `${label}.${name}` : name, node['x-class'], member);
  return schema;
}

const none: Readonly<Record<string, Annotated>> = Object.freeze({});

/** The schema of a list's items. */
export function itemsOf(node: Annotated): Annotated | undefined {
  return (node as { items?: Annotated }).items;
}

/** The schemas of an object's members. */
export function membersOf(node: Annotated): Readonly<Record<string, Annotated>> {
  return (node as { properties?: Record<string, Annotated> }).properties ?? none;
}

/** The schema of one member; never something that the prototype lends. */
export function memberOf(node: Annotated, name: string): Annotated | undefined {
  const members = membersOf(node);
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
