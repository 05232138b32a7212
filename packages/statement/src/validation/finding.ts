import { text } from '../texts.js';

/** What is to say about a statement. `open`: absent or not covered yet; in a draft an officer must still
 * decide it, in a whole statement it is a `reject`. */
export interface Finding {
  /** `schema`, a rule `V03` ... or `refs` */
  id: string;
  level: 'reject' | 'warn' | 'open';
  /** JSON pointer into the input */
  pointer: string;
  message: string;
}

/** A finding with its words from the catalogue, key `finding.<id>.<what>`. */
export function finding(
  id: string,
  level: Finding['level'],
  pointer: string,
  what: string,
  values: Readonly<Record<string, string | number>> = {},
): Finding {
  return { id, level, pointer, message: text(`finding.${id}.${what}`, values) };
}
