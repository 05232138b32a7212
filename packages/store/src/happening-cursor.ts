import { StoreError } from './error.js';

/** Where somebody stands among what happened: a record, and how many of the happenings that it stands for were told. */
export interface HappeningPlace {
  record: number;
  item: number;
}

/** Opaque to whoever holds it. */
export function happeningCursor({ record, item }: HappeningPlace): string {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(record));
  bytes.writeUInt32BE(item, 8);
  return bytes.toString('base64url');
}

/** @throws {StoreError} `bad_cursor` */
export function happeningPlace(cursor: string): HappeningPlace {
  const bytes = Buffer.from(cursor, 'base64url');
  const record = bytes.length === 12 ? Number(bytes.readBigUInt64BE()) : Number.NaN;
  if (!Number.isSafeInteger(record)) throw new StoreError('bad_cursor', 'this position was not given out here');
  const place = { record, item: bytes.readUInt32BE(8) };
  if (happeningCursor(place) !== cursor) throw new StoreError('bad_cursor', 'this position was not given out here');
  return place;
}
