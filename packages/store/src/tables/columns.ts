import { bigint, customType } from 'drizzle-orm/pg-core';

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const bytea = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: buffer,
  fromDriver: (value) => value,
});

/** SHA-256: base64url outside, 32 bytes inside. */
export const digest = customType<{ data: string; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (text) => Buffer.from(text, 'base64url'),
  fromDriver: (value) => value.toString('base64url'),
});

/** Digests one after the other, 32 bytes each. */
export const digestList = customType<{ data: string[]; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (texts) => Buffer.concat(texts.map((text) => Buffer.from(text, 'base64url'))),
  fromDriver: (value) => Array.from({ length: value.length / 32 }, (_, i) => value.toString('base64url', 32 * i, 32 * i + 32)),
});

const TOKEN_BYTES = 16;

/** Search tokens one after the other, 16 bytes each. */
export const tokenList = customType<{ data: Uint8Array[]; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (tokens) => Buffer.concat(tokens),
  fromDriver: (value) =>
    Array.from({ length: value.length / TOKEN_BYTES }, (_, i) => value.subarray(TOKEN_BYTES * i, TOKEN_BYTES * (i + 1))),
});

/** Positions, sizes and seconds: a bigint in the database, a safe integer here. */
export const whole = (name?: string) => (name === undefined ? bigint({ mode: 'number' }) : bigint(name, { mode: 'number' }));
