import { identifyingMember } from './places.js';

/**
 * Lays what an amendment carries over a shipment, in place. Elements that carry their number or role are merged with the one that has the same; other
 * lists replace the old one. What the amendment leaves out stays.
 */
export function mergeInto(target: object, source: object): void {
  const into = target as Record<string, unknown>;
  for (const [member, value] of Object.entries(source)) {
    if (Array.isArray(value)) into[member] = mergeLists(member, (into[member] as object[] | undefined) ?? [], value);
    else if (isObject(value) && isObject(into[member])) mergeInto(into[member], value);
    else into[member] = structuredClone(value);
  }
}

function mergeLists(member: string, old: unknown[], carried: unknown[]): unknown[] {
  if (carried.length === 0) return old;
  const identity = identifyingMember.get(member);
  if (identity === undefined) return structuredClone(carried);
  const merged = [...old];
  for (const element of carried as Record<string, unknown>[]) {
    const same = element[identity] === undefined ? undefined : merged.find((at) => isObject(at) && at[identity] === element[identity]);
    if (isObject(same)) mergeInto(same, element);
    else merged.push(structuredClone(element));
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
