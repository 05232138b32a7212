import english from '../data/texts.en.json' with { type: 'json' };
import { StatementError } from './errors.js';

const catalogue = new Map<string, string>(Object.entries(english));

/** A text for people by its key, e.g. `field.body.title`. `{name}` in it is replaced by the value given. */
export function text(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const found = catalogue.get(key);
  if (found === undefined) throw new StatementError('unknown_text', key);
  return found.replace(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : hole));
}

export const hasText = (key: string): boolean => catalogue.has(key);
