import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** SHA-256 of bytes. */
export const sha256 = (data: Uint8Array): Uint8Array => nobleSha256(data);

/** SHA-256 of ASCII text as base64url, the digest that names statements, releases and disclosures. */
export const digestOf = (text: string): string => toBase64url(nobleSha256(encoder.encode(text)));

export function toBase64(data: Uint8Array): string {
  // String.fromCharCode takes its arguments on the stack: no more than a few thousand at once.
  let binary = '';
  for (let at = 0; at < data.length; at += 4096) binary += String.fromCharCode(...data.subarray(at, at + 4096));
  return btoa(binary);
}

export const toBase64url = (data: Uint8Array): string => toBase64(data).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
export const toHex = (data: Uint8Array): string => bytesToHex(data);

/** Undefined unless the text is the one canonical encoding of some bytes: decode, encode, compare. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const data = binaryOf(text.replaceAll('-', '+').replaceAll('_', '/'));
  return data !== undefined && toBase64url(data) === text ? data : undefined;
}

export function fromBase64(text: string): Uint8Array | undefined {
  const data = binaryOf(text);
  return data !== undefined && toBase64(data) === text ? data : undefined;
}

function binaryOf(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export function fromHex(text: string): Uint8Array | undefined {
  try {
    const data = hexToBytes(text);
    return bytesToHex(data) === text ? data : undefined;
  } catch {
    return undefined;
  }
}

export const utf8 = (text: string): Uint8Array => encoder.encode(text);
export const base64urlOfUtf8 = (text: string): string => toBase64url(encoder.encode(text));
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Undefined when the bytes are not UTF-8. A byte order mark stays in the text. */
export function textOf(data: Uint8Array): string | undefined {
  try {
    return decoder.decode(data);
  } catch {
    return undefined;
  }
}
