import { SaxesParser } from 'saxes';
import { InteropError } from '../error.js';
import type { Element } from './element.js';

/** Bounds on a message. The largest declaration that the model allows (999 goods lines) stays well inside. */
export const limits = { characters: 8_000_000, elements: 200_000, depth: 32, attributes: 64 } as const;

type Growing = Omit<Element, 'children' | 'attributes' | 'text'> & { attributes: Map<string, string>; children: Element[]; text: string };

/**
 * XML text to a tree of elements; comments and processing instructions are dropped.
 * The text is attacker-controlled: document types are refused, so that no entity can be declared, and size, depth and number of elements are bounded.
 */
export function parseXml(xml: string): Element {
  refuseOversized(xml);
  refuseBrokenCharacters(xml);
  const open: Growing[] = [];
  let root: Growing | undefined;
  let count = 0;
  let place = { line: 1, column: 1 };
  const parser = new SaxesParser({ xmlns: true, position: true });
  const refuse = (code: InteropError['code'], reason: string): never => {
    throw new InteropError(code, reason, parser.line, Math.max(parser.column, 1));
  };

  parser.on('error', (error) => refuse('not_well_formed', error.message.replace(/^(\d+:\d+: )+/, '')));
  parser.on('doctype', () => refuse('dtd_refused', 'a document type declaration is not accepted'));
  parser.on('opentagstart', (tag) => {
    // The parser stands behind the name and one more character.
    place = { line: parser.line, column: Math.max(parser.column - tag.name.length - 1, 1) };
  });
  parser.on('opentag', (tag) => {
    if (++count > limits.elements) refuse('too_large', `more than ${limits.elements} elements`);
    if (open.length >= limits.depth) refuse('too_deep', `elements nested deeper than ${limits.depth}`);
    const attributes = new Map(Object.values(tag.attributes).map((attribute) => [attribute.local, attribute.value]));
    if (attributes.size > limits.attributes) refuse('too_large', `more than ${limits.attributes} attributes`);
    const element: Growing = { name: tag.local, namespace: tag.uri, attributes, children: [], text: '', ...place };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (text: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element !== undefined) element.text = element.text.trim();
  });
  parser.write(xml).close();
  if (root === undefined) throw new InteropError('not_well_formed', 'there is no element', 1, 1);
  return root;
}

function refuseOversized(xml: string): void {
  if (xml.length > limits.characters) throw new InteropError('too_large', `more than ${limits.characters} characters`);
}

/** U+FFFD is what a lenient decoder leaves of bytes that it could not read: the content is then not what the sender wrote. */
function refuseBrokenCharacters(xml: string): void {
  const at = xml.search(/\uFFFD|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/);
  if (at < 0) return;
  const before = xml.slice(0, at).split('\n');
  const reason = 'a character that the decoder could not read: check the encoding';
  throw new InteropError('bad_encoding', reason, before.length, (before.at(-1)?.length ?? 0) + 1);
}
