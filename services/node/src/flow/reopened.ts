/** A statement as it was handed in, made again from what this node holds of it: to decide anew about its parts. */
import type { Disclosure } from '@entente/seal';
import { type Kind, kindOf, layout, type StatementInput, unfold } from '@entente/statement';
import type { StatementRecord } from '@entente/store';
import type { Directory } from '../peers/directory.js';
import { Problem } from '../problem.js';
import { openHeld } from './open-held.js';

export interface Reopened {
  kind: Kind;
  input: StatementInput;
  /** Each with the class of its part. */
  disclosures: Disclosure[];
}

/** Throws `not_releasable` when nothing of the content is here any more. */
export async function reopened(directory: Pick<Directory, 'findKey'>, record: StatementRecord, texts: string[]): Promise<Reopened> {
  const kind = kindOf(record.kind, record.ver);
  if (texts.length === 0 || !kind) throw new Problem('not_releasable', 'the content of this statement is not here any more');
  const { claims, rel, body, disclosed } = await openHeld(record, texts, directory.findKey);
  const { lang, exercise, handling, legal_basis } = claims;
  const times = { valid_from: rfc3339(claims.valid_from), valid_until: rfc3339(claims.valid_until) };
  const input = { kind: record.kind, lang, exercise, ...times, handling, legal_basis, rel, body: unfold(kind, body) } as StatementInput;
  const classes = new Map(layout(kind, input).parts.map((part) => [part.pointer, part.dataClass]));
  return { kind, input, disclosures: disclosed.map((d) => ({ ...d, dataClass: classes.get(d.pointer)! })) };
}

const rfc3339 = (seconds: number): string => new Date(seconds * 1000).toISOString();
