import { InteropError } from '../error.js';
import { type Element, one, type Path, textAt } from './element.js';

/** An amount with its ISO 4217 currency, where the declaration names one. */
export interface Money {
  amount: string;
  currency?: string;
}

/** A number with its unit as declared: UN/ECE Rec 20, with the tariff's qualifier behind `#` where there is one (`KGM#G`). */
export interface Quantity {
  value: string;
  unit?: string;
}

/** A decimal number as declared. Throws `bad_value` for anything else, so that no later step has to guess. */
export function decimalAt(element: Element | undefined, ...path: Path): string | undefined {
  const at = one(element, ...path);
  if (at === undefined || at.text === '') return undefined;
  if (!/^[0-9]{1,18}(\.[0-9]{1,9})?$/.test(at.text)) throw new InteropError('bad_value', `${at.name} is not a number`, at.line, at.column);
  return at.text;
}

/** A sequence number: at most five digits, as the data model has it. */
export function integerAt(element: Element | undefined, ...path: Path): number | undefined {
  const at = one(element, ...path);
  if (at === undefined || at.text === '') return undefined;
  if (!/^[0-9]{1,5}$/.test(at.text)) throw new InteropError('bad_value', `${at.name} is not a whole number`, at.line, at.column);
  return Number(at.text);
}

export function moneyAt(element: Element | undefined, ...path: Path): Money | undefined {
  const amount = decimalAt(element, ...path);
  if (amount === undefined) return undefined;
  const currency = one(element, ...path)?.attributes.get('currencyID');
  return { amount, ...(currency !== undefined && { currency }) };
}

export function quantityAt(element: Element | undefined, ...path: Path): Quantity | undefined {
  const value = decimalAt(element, ...path);
  if (value === undefined) return undefined;
  const unit = one(element, ...path)?.attributes.get('unitCode');
  return { value, ...(unit !== undefined && { unit }) };
}

/** EDIFACT 2379 formats of a date: 102 CCYYMMDD, 203 to the minute, 204 to the second, 304 to the second with the zone. */
const dateFormat = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** A date and time as RFC 3339 in UTC; a time without a zone is read as UTC. */
export function dateAt(element: Element | undefined, ...path: Path): string | undefined {
  const outer = one(element, ...path);
  const text = textAt(outer, 'DateTimeString') ?? outer?.text;
  if (outer === undefined || text === undefined || text === '') return undefined;
  const parts = dateFormat.exec(text);
  const time = parts === null ? Number.NaN : instantOf(parts);
  if (Number.isNaN(time)) throw new InteropError('bad_value', `${outer.name} is not a date`, outer.line, outer.column);
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

function instantOf([, year, month, day, hour = '00', minute = '00', second = '00', zone = 'Z']: RegExpExecArray): number {
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  // Date.parse lets 31 April roll into May; a declaration's date must exist.
  if (Number.isNaN(midnight) || new Date(midnight).getUTCDate() !== Number(day)) return Number.NaN;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
}
