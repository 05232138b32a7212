import { InteropError } from '../error.js';
import type { Declaration, PointerPath } from '../wco/declaration.js';
import { memberOf, placeOf } from './places.js';
import type { Shipment } from './shipment.js';

type Node = { [member: string]: unknown };

/** A place in the shipment, and what the amendment carries for it. */
interface Slot {
  holder: Node | unknown[];
  key: string | number;
  replacement: unknown;
}

/** Changes the shipment in place, pointer by pointer. Emptied list positions close only at the end, so that later pointers keep their meaning. */
export function applyPointers(shipment: Shipment, declaration: Declaration): void {
  const positions = positionsPointedAt(declaration.amendments);
  for (const path of declaration.amendments) {
    const slot = slotOf(path, shipment as unknown as Node, declaration.consignment as unknown as Node, positions);
    if (slot.replacement !== undefined) (slot.holder as Node)[slot.key] = structuredClone(slot.replacement);
    else if (Array.isArray(slot.holder)) slot.holder[slot.key as number] = undefined;
    else delete slot.holder[slot.key];
  }
  closeGaps(shipment as unknown as Node);
}

function slotOf(path: PointerPath, shipment: Node, amendment: Node, positions: Positions): Slot {
  let at = shipment;
  let from: Node | undefined = amendment;
  let slot: Slot | undefined;
  for (const [depth, step] of path.steps.entries()) {
    const place = placeOf(step.section, path.steps[depth - 1]?.section) ?? unknown(path, step.section);
    if ('same' in place) continue;
    slot = 'member' in place ? memberSlot(at, from, place.member) : listSlot(at, from, place, depth, path, positions);
    // An element that the shipment does not have yet is taken whole, whatever attribute of it is pointed at.
    const next = (slot.holder as Node)[slot.key];
    if (next === undefined) return slot.replacement === undefined ? unknown(path, step.section) : slot;
    at = next as Node;
    from = slot.replacement as Node | undefined;
  }
  if (path.tag === undefined) return slot ?? unknown(path, 'the whole declaration');
  const [section, above] = [path.steps.at(-1)?.section, path.steps.at(-2)?.section];
  const member = memberOf(path.tag, section, above) ?? unknown(path, path.tag);
  return memberSlot(at, from, member);
}

function memberSlot(at: Node, from: Node | undefined, member: string): Slot {
  return { holder: at, key: member, replacement: from?.[member] };
}

function listSlot(
  at: Node,
  from: Node | undefined,
  place: { list: string; numberedBy?: string } | { role: string },
  depth: number,
  path: PointerPath,
  positions: Positions,
): Slot {
  const name = 'role' in place ? 'parties' : place.list;
  const holder = listAt(at, name);
  const offered = (from?.[name] as Node[] | undefined) ?? [];
  const sequence = path.steps[depth]?.sequence ?? 1;
  const [identity, value] = 'role' in place ? ['role', place.role] : [place.numberedBy, sequence];
  if (identity !== undefined) {
    const found = holder.findIndex((element) => element?.[identity] === value);
    return { holder, key: found < 0 ? holder.length : found, replacement: offered.find((element) => element[identity] === value) };
  }
  if (sequence < 1 || sequence > holder.length + 1) return unknown(path, `position ${sequence} of ${name}`);
  return { holder, key: sequence - 1, replacement: offered[positionOffered(path, depth, offered.length, positions)] };
}

function listAt(at: Node, name: string): (Node | undefined)[] {
  const list = (at[name] as (Node | undefined)[] | undefined) ?? [];
  at[name] = list;
  return list;
}

/** Positions that the pointers of a message name, for each list: section path down to the list -> sorted sequence numbers. */
type Positions = ReadonlyMap<string, readonly number[]>;

const listKey = (path: PointerPath, depth: number): string =>
  [...path.steps.slice(0, depth).map((step) => `${step.section}#${step.sequence ?? 1}`), path.steps[depth]?.section].join('/');

function positionsPointedAt(paths: readonly PointerPath[]): Positions {
  const found = new Map<string, Set<number>>();
  for (const path of paths) {
    for (const [depth, step] of path.steps.entries()) {
      const key = listKey(path, depth);
      found.set(key, (found.get(key) ?? new Set()).add(step.sequence ?? 1));
    }
  }
  return new Map([...found].map(([key, set]) => [key, [...set].sort((a, b) => a - b)]));
}

/**
 * Senders repeat either the whole list or only the elements that they change. Where as many are carried as are pointed at, the n-th carried is the
 * n-th pointed at; otherwise the list is whole, and the position is that of the pointer.
 */
function positionOffered(path: PointerPath, depth: number, carried: number, positions: Positions): number {
  const sequence = path.steps[depth]?.sequence ?? 1;
  const pointed = positions.get(listKey(path, depth)) ?? [];
  return pointed.length === carried ? pointed.indexOf(sequence) : sequence - 1;
}

function closeGaps(node: Node): void {
  for (const [member, value] of Object.entries(node)) {
    if (!Array.isArray(value)) continue;
    node[member] = value.filter((element) => element !== undefined);
    for (const element of value) if (typeof element === 'object' && element !== null) closeGaps(element as Node);
  }
}

function unknown(path: PointerPath, what: string): never {
  throw new InteropError('unknown_pointer', `the amendment points at ${what}, which is not known here`, path.line, path.column);
}
