import { InteropError } from '../error.js';

/** One element of a message, with the place of its start tag. `text` is its own character data, trimmed. */
export interface Element {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** Names of child elements from an element down, outermost first. */
export type Path = readonly string[];

export function all(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The only child of that name along a path. Throws `repeated_element` where one of them stands twice. */
export function one(element: Element | undefined, ...path: Path): Element | undefined {
  let at = element;
  for (const name of path) {
    const [first, second] = all(at, name);
    if (second !== undefined) throw new InteropError('repeated_element', `a second ${name}`, second.line, second.column);
    at = first;
  }
  return at;
}

/** The text of the only child along a path; undefined where it is absent or empty. */
export function textAt(element: Element | undefined, ...path: Path): string | undefined {
  const text = one(element, ...path)?.text;
  return text === undefined || text === '' ? undefined : text;
}

export function requiredText(element: Element, name: string): string {
  const text = textAt(element, name);
  if (text === undefined) throw new InteropError('missing_element', `${element.name} has no ${name}`, element.line, element.column);
  return text;
}
