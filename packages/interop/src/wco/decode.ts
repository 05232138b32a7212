import { InteropError } from '../error.js';

/** Encodings that a sender may name in the XML declaration, and the name under which `TextDecoder` knows them. */
const encodings: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['utf-16', 'utf-16le'],
  ['iso-8859-1', 'windows-1252'],
  ['iso-8859-15', 'iso-8859-15'],
  ['windows-1252', 'windows-1252'],
]);

const byteOrderMarks: readonly { bytes: readonly number[]; encoding: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
];

/**
 * Bytes of a message to text. A byte order mark wins over the XML declaration, which wins over UTF-8 (XML 1.0, appendix F).
 * Throws `bad_encoding` for an encoding that is not supported and for bytes that it does not allow: characters are never replaced in silence.
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = encodingByMark(bytes) ?? encodingByDeclaration(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InteropError('bad_encoding', `the bytes are not ${encoding} text`);
  }
}

function encodingByMark(bytes: Uint8Array): string | undefined {
  return byteOrderMarks.find((mark) => mark.bytes.every((byte, index) => bytes[index] === byte))?.encoding;
}

function encodingByDeclaration(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const named = /^<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1];
  if (named === undefined) return 'utf-8';
  const encoding = encodings.get(named.toLowerCase());
  if (encoding === undefined) throw new InteropError('bad_encoding', `the encoding ${named} is not supported`, 1, 1);
  return encoding;
}
