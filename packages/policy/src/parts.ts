import type { DataClass, Part, Relation } from '@entente/statement';
import type { OnwardConsent } from './consent.js';
import type { PartDecision } from './permit.js';
import { type Facts, type RuleId, reasonOf } from './rules.js';

export interface PartContext {
  /** data classes that the addressee may see */
  classes: readonly DataClass[];
  facts: Facts;
  rel: readonly Relation[];
  /** whether the addressee holds the statement of this digest */
  isHeld: (of: string) => boolean;
  /** reference of the judicial authorisation */
  authorisation: string | undefined;
  /** of the originator, for what is passed on */
  consent?: OnwardConsent | undefined;
  /** pointers of parts that the officer holds back, with everything in them */
  heldBack: readonly string[];
  /** whether there is a ground to transfer personal data to the addressee */
  personalData: boolean;
}

/**
 * Decides about each part by itself, then by what it stands in: a part is released only with everything that
 * contains it, and a list only when something in it is released.
 */
export function decideParts(parts: readonly Part[], context: PartContext): { released: PartDecision[]; withheld: PartDecision[] } {
  const rule = new Map(parts.map((part) => [part.pointer, ruleOf(part, context)]));
  const lists = listsOf(parts);
  const inside = new Set<string>();
  const isReleased = (pointer: string): boolean => releasing.has(rule.get(pointer) ?? 'container_withheld');
  for (const { pointer } of parts) {
    if (isReleased(pointer) && !containersOf(pointer, rule).every(isReleased)) rule.set(pointer, 'container_withheld');
  }
  for (const { pointer } of parts)
    if (isReleased(pointer) && !lists.has(pointer)) for (const outer of containersOf(pointer, rule)) inside.add(outer);
  for (const list of lists) if (isReleased(list) && !inside.has(list)) rule.set(list, 'nothing_inside');

  const decisions = parts.map((part): PartDecision => {
    const id = rule.get(part.pointer)!;
    return { part, rule: id, reason: reasonOf(id, { ...context.facts, dataClass: part.dataClass }) };
  });
  return {
    released: decisions.filter((decision) => releasing.has(decision.rule)),
    withheld: decisions.filter((decision) => !releasing.has(decision.rule)),
  };
}

const releasing: ReadonlySet<RuleId> = new Set(['class_granted', 'relation_held']);

function ruleOf(part: Part, { classes, rel, isHeld, authorisation, consent, heldBack, personalData }: PartContext): RuleId {
  const { pointer, dataClass } = part;
  if (heldBack.includes(pointer)) return 'held_back';
  if (dataClass === 'P2') return 'special_category';
  if (!classes.includes(dataClass)) return 'class_not_granted';
  if (consent !== undefined && !consent.covers(part)) return 'outside_consent';
  if (dataClass === 'P1' && !personalData) return 'no_transfer_basis';
  if (dataClass === 'J1' && authorisation === undefined) return 'authorisation_missing';
  if (!pointer.startsWith('/rel/')) return 'class_granted';
  const relation = rel[Number(pointer.slice('/rel/'.length))];
  return relation !== undefined && isHeld(relation.of) ? 'relation_held' : 'relation_not_held';
}

/** The parts that a part stands in, by the prefixes of its pointer. */
function containersOf(pointer: string, parts: ReadonlyMap<string, RuleId>): string[] {
  const found: string[] = [];
  for (let at = pointer.lastIndexOf('/'); at > 0; at = pointer.lastIndexOf('/', at - 1)) {
    const outer = pointer.slice(0, at);
    if (parts.has(outer)) found.push(outer);
  }
  return found;
}

/** Parts that hold nothing but elements: `/body/goods` of `/body/goods/0`. Shown alone they would only tell that there is something. */
function listsOf(parts: readonly Part[]): Set<string> {
  const elements = parts.flatMap(({ pointer }) => /^(.+)\/\d+$/.exec(pointer)?.[1] ?? []);
  const pointers = new Set(parts.map(({ pointer }) => pointer));
  return new Set(elements.filter((list) => pointers.has(list)));
}
