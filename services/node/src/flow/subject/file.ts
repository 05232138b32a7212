/** What is kept of a person's request: encrypted, but for codes, times and the pseudonyms of officers. */
import { normaliseTerm } from '@entente/statement';
import type { SubjectRequestRecord, SubjectRequestWrite } from '@entente/store';
import type { ContentKeys } from '../../content-keys.js';
import { Problem } from '../../problem.js';

export interface SubjectFile {
  subject: {
    /** Each in the ways in which he writes it; every one is looked for. */
    names: string[];
    birth_date?: string;
    identifiers?: { scheme: string; value: string }[];
    contact?: string;
  };
  /** In his words, or the officer's. */
  asks: string;
  /** How his identity was checked. */
  identity_note?: string;
  extension_reason?: string;
  answer?: { text: string; discloses: string[] };
}

/** Bound to the encrypted file. */
export const subjectRef = (id: string): string => `subject request ${id}`;

/** Throws `invalid_request` for a name or number of which nothing is left to look for. */
export function assertFindable({ subject: { names, identifiers = [] } }: SubjectFile): void {
  const lost = [
    ...names.map((name, i) => ({ pointer: `/subject/names/${i}`, terms: normaliseTerm('name', name) })),
    ...identifiers.map(({ scheme, value }, i) => ({ pointer: `/subject/identifiers/${i}/value`, terms: normaliseTerm(scheme, value) })),
  ].filter(({ terms }) => terms.length === 0);
  if (lost.length === 0) return;
  const message = 'there is nothing in it that could be found';
  throw new Problem('invalid_request', message, { errors: lost.map(({ pointer }) => ({ pointer, message })) });
}

/** Who asked is forgotten at the end of the retention: `not_found`. */
export function openFile(content: Pick<ContentKeys, 'open'>, { id, sealed }: SubjectRequestRecord): SubjectFile {
  if (!sealed) throw new Problem('not_found', 'who asked is forgotten: the retention of this request has ended');
  return JSON.parse(content.open(sealed, subjectRef(id))[0]!) as SubjectFile;
}

export const sealFile = (content: Pick<ContentKeys, 'seal'>, id: string, file: SubjectFile): SubjectRequestWrite['sealed'] =>
  content.seal([JSON.stringify(file)], subjectRef(id));
