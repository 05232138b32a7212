import { Buffer, isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';

/** SHA-256 of bytes. */
export const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

/** SHA-256 of ASCII text as base64url, the digest that names statements, releases and disclosures. */
export const digestOf = (ascii: string): string => hash('sha256', ascii, 'base64url');

const view = (data: Uint8Array): Buffer => (Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength));

export const toBase64url = (data: Uint8Array): string => view(data).toString('base64url');
export const toBase64 = (data: Uint8Array): string => view(data).toString('base64');
export const toHex = (data: Uint8Array): string => view(data).toString('hex');

/** Undefined unless the text is the one canonical encoding of some bytes: decode, encode, compare. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const data = Buffer.from(text, 'base64url');
  return data.toString('base64url') === text ? data : undefined;
}

export function fromBase64(text: string): Uint8Array | undefined {
  const data = Buffer.from(text, 'base64');
  return data.toString('base64') === text ? data : undefined;
}

export function fromHex(text: string): Uint8Array | undefined {
  const data = Buffer.from(text, 'hex');
  return data.toString('hex') === text ? data : undefined;
}

export const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
export const base64urlOfUtf8 = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
export const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Undefined when the bytes are not UTF-8. A byte order mark stays in the text. */
export const textOf = (data: Uint8Array): string | undefined => (isUtf8(data) ? view(data).toString('utf8') : undefined);
