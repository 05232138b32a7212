import type { TSchema } from 'typebox';
import { elementOf } from '../disclosure/parts.js';
import { memberOf, membersOf } from '../schema/annotate.js';
import type { Annotated } from '../schema/members.js';

/** What a sender may withhold is not required; every other rule of the schema stays, and unknown names are still refused. */
const conditional = new Set(['required', 'if', 'then', 'else', 'dependentRequired']);

/** The schema of a body of which any part may be withheld. */
export function disclosedSchema(body: Annotated): TSchema {
  return relaxed(body, (member) => {
    const element = elementOf(member);
    return element ? ({ ...without(member, new Set(['minItems'])), items: relaxedElement(element) } as unknown as Annotated) : member;
  });
}

/** Members of an element's own class travel with it and stay required. */
function relaxedElement(element: Annotated): Annotated {
  const required = ((element as { required?: string[] }).required ?? []).filter((name) => sameRule(memberOf(element, name)!, element));
  return { ...relaxed(element, (member) => member), required } as unknown as Annotated;
}

const sameRule = (a: Annotated, b: Annotated): boolean => JSON.stringify(a['x-class']) === JSON.stringify(b['x-class']);

function relaxed(object: Annotated, change: (member: Annotated) => Annotated): Annotated {
  const members = Object.fromEntries(Object.entries(membersOf(object)).map(([name, member]) => [name, change(member)]));
  return { ...without(object, conditional), properties: members } as unknown as Annotated;
}

function without(node: Annotated, keywords: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(node).filter(([keyword]) => !keywords.has(keyword)));
}
