import { codeOf } from './code-lists.js';

interface Signature {
  offset: number;
  hex: string;
}

/** Whether bytes can be what they are said to be, by how they begin. A type that is not in the list `media-type` is none. */
export function looksLike(mediaType: string, start: Uint8Array): boolean {
  const known = codeOf('media-type', mediaType) as { magic?: Signature[]; text?: boolean } | undefined;
  if (known?.text === true) return isText(start);
  return known?.magic?.some(({ offset, hex }) => hexOf(start.subarray(offset, offset + hex.length / 2)) === hex) === true;
}

/** The beginning may end in the middle of a character. */
function isText(start: Uint8Array): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true }).includes('\0');
  } catch {
    return false;
  }
}

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
