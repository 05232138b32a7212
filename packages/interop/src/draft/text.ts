import { isCode } from '@entente/statement';

/** Text as a statement carries it: one line, no control characters, cut to a length. Undefined where nothing is left. */
export function lineOf(text: string | undefined, maxLength: number): string | undefined {
  const cleaned = text?.replace(/\p{Cc}+/gu, ' ').trim();
  if (cleaned === undefined || cleaned === '') return undefined;
  // A cut between the halves of a surrogate pair would leave text that no signed JSON may hold.
  return cleaned.length <= maxLength ? cleaned : `${cleaned.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A code, if the list has it: what the list does not know stays out of the coded fields. */
export function knownCode(listId: string, code: string | undefined): string | undefined {
  return code !== undefined && isCode(listId, code) ? code : undefined;
}

/** A decimal in the one spelling that statements allow: no leading zeros. */
export function decimalOf(value: string | undefined): string | undefined {
  return value?.replace(/^0+(?=[0-9])/, '');
}
