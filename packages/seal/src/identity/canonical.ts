import { fromBase64url, textOf } from '#bytes';
import { SealError } from '../errors.js';

const alphabet = /^[A-Za-z0-9_-]*$/;

/**
 * Decodes base64url that has one spelling only. Unused bits, padding and the other alphabet would each
 * give one object a second name (docs/protocol.md 1).
 */
export function canonicalBytes(text: string): Uint8Array {
  const bytes = fromBase64url(text);
  if (bytes === undefined) throw new SealError(alphabet.test(text) ? 'non_canonical' : 'malformed', 'base64url');
  return bytes;
}

export function canonicalText(text: string): string {
  const decoded = textOf(canonicalBytes(text));
  if (decoded === undefined) throw new SealError('malformed', 'not UTF-8');
  return decoded;
}

/** Whether the text is 43 characters of canonical base64url: a SHA-256 digest. Cheaper than decoding: the last character carries 4 bits. */
export const isDigest = (value: unknown): value is string => typeof value === 'string' && digestForm.test(value);

const digestForm = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
