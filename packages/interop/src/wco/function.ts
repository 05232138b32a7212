import { InteropError } from '../error.js';
import type { DeclarationFunction } from './declaration.js';
import type { Element } from './element.js';

/** EDIFACT 1225. A request (13) says by its type what it asks for: COR a correction, INV that the declaration be invalidated. */
const functions: readonly { code: string; type?: string; function: DeclarationFunction }[] = [
  { code: '9', function: 'new' },
  { code: '1', function: 'cancel' },
  { code: '4', function: 'amend' },
  { code: '13', type: 'COR', function: 'amend' },
  { code: '13', type: 'INV', function: 'cancel' },
];

/** What a message does. Throws `unsupported_function` for the rest, such as a replacement or a status request. */
export function functionOf(element: Element, type: string): DeclarationFunction {
  const entry = functions.find((candidate) => candidate.code === element.text && (candidate.type ?? type) === type);
  if (entry === undefined) {
    const named = element.name === 'FunctionCode' ? `function ${element.text} with type ${type}` : 'a declaration without FunctionCode';
    throw new InteropError('unsupported_function', `${named} is not supported`, element.line, element.column);
  }
  return entry.function;
}
