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
  const { items, properties } = childrenOf(node);
  if (items) annotate(label, node['x-class'], items);
  for (const [name, member] of Object.entries(properties)) annotate(label ? `${label}.${name}` : name, node['x-class'], member);
  return schema;
}

/** The parts of a schema node that are schema nodes themselves. */
export function childrenOf(node: TSchema): { items?: Annotated; properties: Record<string, Annotated> } {
  const { items, properties } = node as { items?: Annotated; properties?: Record<string, Annotated> };
  return { ...(items ? { items } : {}), properties: properties ?? {} };
}
