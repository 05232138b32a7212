import { codeList, type Handling } from '@entente/statement';

/** A member of the handling of a derived statement that is laxer than that of an input. */
export interface Laxer {
  /** JSON pointer into the derived statement: `/handling/tlp` */
  pointer: string;
  /** digest of the input that is stricter */
  input: string;
  /** what it must be at least; of purposes and handling codes all that are allowed or needed */
  least: string;
}

/**
 * Where a derived statement is laxer than something that it was made from (domain.md 2.10.3: the union of the restrictions of the inputs).
 * Nobody but the originator of an input may relax its handling; anybody may be stricter. Empty: it keeps to all of them.
 */
export function laxerThanInputs(handling: Handling, inputs: readonly { digest: string; handling: Handling }[]): Laxer[] {
  return inputs.flatMap((input) =>
    comparisons.flatMap(([pointer, keeps, least]) =>
      keeps(handling, input.handling) ? [] : [{ pointer: `/handling/${pointer}`, input: input.digest, least: least(input.handling) }],
    ),
  );
}

type Comparison = [pointer: string, keeps: (own: Handling, input: Handling) => boolean, least: (input: Handling) => string];

const codesOf = (list: string): string[] => codeList(list).codes.map(({ code }) => code);
const covers = (all: readonly string[], some: readonly string[]): boolean => some.every((one) => all.includes(one));

/** A member whose codes have an order, the strictest last. A code that is in no order is kept to only by itself. */
function ranked(pointer: string, order: readonly string[], read: (handling: Handling) => string | undefined): Comparison {
  const keeps = (own: string | undefined, input: string | undefined): boolean =>
    input === undefined || own === input || (order.includes(input) && order.indexOf(own ?? '') > order.indexOf(input));
  return [pointer, (own, input) => keeps(read(own), read(input)), (input) => read(input) ?? ''];
}

const comparisons: readonly Comparison[] = [
  ranked('tlp', codesOf('tlp'), ({ tlp }) => tlp),
  ['handling_codes', (own, input) => covers(own.handling_codes, input.handling_codes), (input) => input.handling_codes.join(', ')],
  ['orcon', (own, input) => own.orcon || !input.orcon, (input) => String(input.orcon)],
  ['external_originator', (own, input) => own.external_originator === true || !input.external_originator, () => 'true'],
  ranked('onward/mode', codesOf('onward-mode').reverse(), ({ onward }) => onward.mode),
  ['purposes', (own, input) => covers(input.purposes, own.purposes), (input) => input.purposes.join(', ')],
  ranked('classification/level', codesOf('classification-level'), ({ classification }) => classification.level),
  ranked('use_in_proceedings', codesOf('use-in-proceedings'), ({ use_in_proceedings }) => use_in_proceedings),
  ranked('disclosure_to_subject', ['PERMITTED', 'REFER_TO_ORIGINATOR', 'FORBIDDEN'], ({ disclosure_to_subject }) => disclosure_to_subject),
  ranked(
    'disclosure_to_private_sector',
    codesOf('disclosure-to-private-sector').reverse(),
    ({ disclosure_to_private_sector }) => disclosure_to_private_sector,
  ),
  ranked('death_penalty_assurance', ['NOT_REQUIRED', 'REQUIRED'], ({ death_penalty_assurance }) => death_penalty_assurance),
];
