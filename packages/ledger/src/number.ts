import { LedgerError } from './error.js';

/* Sizes exceed 32 bits, where JavaScript's shifts end: everything here is plain arithmetic on integers up to 2^53 - 1. */

export function requireSize(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new LedgerError('bad_size', `${what} is not a whole number below 2^53`);
}

/** Exponents of the powers of two that add up to `size`, largest first: the heights of its full subtrees, left to right. */
export function heights(size: number): number[] {
  const found: number[] = [];
  for (let rest = size, height = 0; rest > 0; rest = Math.floor(rest / 2), height++) {
    if (rest % 2 === 1) found.unshift(height);
  }
  return found;
}

/** Largest power of two smaller than `size`, which is at least 2: where RFC 6962 splits a tree. */
export function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** Reads a decimal of the C2SP text formats: no sign, no leading zero. Undefined if it is anything else. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
