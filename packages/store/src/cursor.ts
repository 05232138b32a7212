import { StoreError } from './error.js';
import type { Page } from './records.js';

/** A position, opaque to whoever holds it. */
export function cursorOf(position: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(position));
  return bytes.toString('base64url');
}

/** @throws {StoreError} `bad_cursor` */
export function positionOf(cursor: string): number {
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.length === 8 ? Number(bytes.readBigUInt64BE()) : Number.NaN;
  if (!Number.isSafeInteger(position) || cursorOf(position) !== cursor)
    throw new StoreError('bad_cursor', 'this cursor was not given out here');
  return position;
}

/** Of rows read with a limit of one more than is shown; the last one shown is where the next page begins. */
export function pageOf<R, T>(rows: readonly R[], limit: number, position: (row: R) => number, item: (row: R) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), ...(rows.length > limit && last !== undefined && { next: cursorOf(position(last)) }) };
}
