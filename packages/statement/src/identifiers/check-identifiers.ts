import type { JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import { named, type Visit, walk } from '../schema/walk.js';
import { type Check, checkIdentifier } from './schemes.js';

export interface IdentifierCheck {
  /** into the input, e.g. `/body/transport/0/container/number` */
  pointer: string;
  scheme: string;
  /** as seen */
  value: string;
  check: Check;
  /** key of the text catalogue */
  note?: string;
}

/** Checks every identifier of a body. A failed check warns and flags; it never blocks, for a wrong number is intelligence too. */
export function checkIdentifiers(kind: Kind, body: JsonObject): IdentifierCheck[] {
  return checkVisited(walk(kind.body, body, '/body'));
}

export function checkVisited(visits: readonly Visit[]): IdentifierCheck[] {
  const found: IdentifierCheck[] = [];
  for (const { node, value, beside, pointer } of visits) {
    const scheme = named(node['x-check'], 'check', beside);
    if (scheme !== undefined && typeof value === 'string') found.push({ pointer, scheme, value, ...checkIdentifier(scheme, value) });
  }
  return found;
}
