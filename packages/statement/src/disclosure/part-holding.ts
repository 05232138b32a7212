import { classOf } from '../data-class.js';
import { isObject, type JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import { bodyMember, elementOf, memberClass } from './parts.js';

/**
 * Pointer of the unit of disclosure that a field goes with: `/body/goods/0/C1` for `/body/goods/0/value`; undefined where the body has no
 * such field.
 */
export function partHolding(kind: Kind, body: JsonObject, pointer: string): string | undefined {
  const [root, first, name, index, inner] = pointer.split('/');
  const member = name === undefined ? undefined : bodyMember(kind, name);
  if (root !== '' || first !== 'body' || !member || !Object.hasOwn(body, name!)) return undefined;
  const element = elementOf(member);
  if (!element || index === undefined) return `/body/${name}`;
  const list = body[name!];
  const value = Array.isArray(list) ? list[Number(index)] : undefined;
  if (!isObject(value)) return undefined;
  const own = classOf(element['x-class']!, value);
  const dataClass = inner === undefined || inner === own ? own : (memberClass(element, value, inner, value[inner]) ?? inner);
  return dataClass === own ? `/body/${name}/${index}` : `/body/${name}/${index}/${dataClass}`;
}
