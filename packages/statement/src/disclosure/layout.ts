import { classOf } from '../data-class.js';
import { openRelations, type Relation, type StatementInput } from '../envelope.js';
import { StatementError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import { membersOf } from '../schema/annotate.js';
import type { Annotated } from '../schema/members.js';
import { bodyMember, elementOf, groupSlots, isElementList, type Part, splitByClass } from './parts.js';

/** An object with members in the open and members of which only a digest shows; `slots` digests in all, decoys included. */
export interface SdObject {
  open: JsonObject;
  hidden: SdMember[];
  slots: number;
}
export interface SdMember {
  part: Part;
  name: string;
  value: SdValue;
}
/** `slots` counts the digests (a power of two, at least 4, decoys included); open elements stand beside them. */
export interface SdArray {
  elements: SdElement[];
  slots: number;
}
export interface SdElement {
  /** undefined: the element is open */
  part: Part | undefined;
  value: SdValue;
}
export type SdValue = { json: Json } | { object: SdObject } | { array: SdArray };

export interface Layout {
  body: SdObject;
  /** always there: its absence would tell that nothing is related */
  rel: SdArray;
  /** every part, containers before what is in them */
  parts: Part[];
}

/**
 * Cuts a statement into its units of disclosure (docs/protocol.md section 4): a body member; an element of an element list; inside an
 * element one group per data class other than its own, named by the class code.
 * @throws StatementError `unknown_member`, `bad_body`: what has no class must not leave
 */
export function layout(kind: Kind, input: Pick<StatementInput, 'body' | 'rel'>): Layout {
  const body = layoutBody(kind, input.body);
  const rel = layoutRelations(input.rel);
  return { body, rel, parts: [...partsIn({ object: body }), ...partsIn({ array: rel })] };
}

/** The parts of a flat body, which may be partial, and of its relations. Indices are those of the lists as given. */
export function partsOf(kind: Kind, body: JsonObject, rel: readonly Relation[] = []): Part[] {
  return layout(kind, { body, rel: [...rel] }).parts;
}

function layoutBody(kind: Kind, body: JsonObject): SdObject {
  if (!isObject(body)) throw new StatementError('bad_body', 'the body is no object');
  const hidden = Object.entries(body).map(([name, value]): SdMember => {
    const member = bodyMember(kind, name);
    if (!member) throw new StatementError('unknown_member', name);
    const pointer = `/body/${name}`;
    const part = { pointer, dataClass: classOf(member['x-class']!, body, value) };
    const element = elementOf(member);
    return { part, name, value: element ? { array: layoutElements(element, value, pointer) } : { json: value } };
  });
  return { open: {}, hidden, slots: Object.keys(membersOf(kind.body)).length };
}

function layoutElements(element: Annotated, value: Json, pointer: string): SdArray {
  if (!isElementList(value)) throw new StatementError('bad_body', pointer);
  const elements = value.map((item, i) => layoutElement(element, item, `${pointer}/${i}`));
  return { elements, slots: powerOfTwo(elements.length) };
}

function layoutElement(element: Annotated, value: JsonObject, pointer: string): SdElement {
  const { own, open, groups } = splitByClass(element, value);
  const part = { pointer, dataClass: own };
  const slots = groupSlots(element);
  if (slots === 0) return { part, value: { json: open } };
  const hidden = groups.map(
    ([dataClass, group]): SdMember => ({
      part: { pointer: `${pointer}/${dataClass}`, dataClass },
      name: dataClass,
      value: { json: group },
    }),
  );
  return { part, value: { object: { open, hidden, slots } } };
}

function layoutRelations(rel: readonly Relation[]): SdArray {
  const elements = rel.map((relation, i): SdElement => {
    const part: Part | undefined = openRelations.has(relation.type) ? undefined : { pointer: `/rel/${i}`, dataClass: 'N0' };
    return { part, value: { json: { type: relation.type, of: relation.of } } };
  });
  return { elements, slots: powerOfTwo(elements.filter((e) => e.part).length) };
}

function powerOfTwo(count: number): number {
  let slots = 4;
  while (slots < count) slots *= 2;
  return slots;
}

function* partsIn(value: SdValue): Generator<Part> {
  if ('object' in value) {
    for (const member of value.object.hidden) {
      yield member.part;
      yield* partsIn(member.value);
    }
  } else if ('array' in value) {
    for (const element of value.array.elements) {
      if (element.part) yield element.part;
      yield* partsIn(element.value);
    }
  }
}
