import { codeList, type Handling, retentionTerm } from '@entente/statement';
import type { Grant, Onward } from './agreement.js';
import { purposesOf } from './handling.js';

/** In order of strictness, the strictest last. */
const onwardOrder: readonly Onward[] = ['named', 'originator_consent', 'none'];
/** How the originator's own marking is said in an agreement. */
const onwardOf: ReadonlyMap<string, Onward> = new Map([
  ['NAMED', 'named'],
  ['PRIOR_CONSENT', 'originator_consent'],
  ['NONE', 'none'],
]);

const secondsPerDay = 86_400;

/** The strictest of what the statement's handling and the grant say; a marking that we do not know allows nothing. */
export function strictestOnward(...rules: Onward[]): Onward {
  return onwardOrder[Math.max(...rules.map((rule) => onwardOrder.indexOf(rule)))]!;
}

/** The onward rule that the markings of a statement amount to (TLP 2.0, Europol handling codes, originator control, also of somebody outside). */
export function onwardOfHandling({ tlp, handling_codes, orcon, external_originator, onward }: Handling): Onward {
  const marked = onwardOf.get(onward.mode) ?? 'none';
  const byTlp: Onward = tlp === 'RED' ? 'none' : tlp === 'AMBER+STRICT' ? 'originator_consent' : 'named';
  const byCode: Onward = orcon || external_originator || handling_codes.includes('H2') ? 'originator_consent' : 'named';
  return strictestOnward(marked, byTlp, byCode);
}

/** The purposes that both the originator, with all his markings, and the agreement name. */
export const commonPurposes = (handling: Handling, grant: Grant): string[] =>
  purposesOf(handling).filter((purpose) => grant.purposes.includes(purpose));

/** Whether personal data may be transferred on this ground; one that is on no list carries none. */
export const carriesPersonalData = (basis: string | undefined): boolean =>
  basis === undefined || codeList('transfer-basis').codes.find(({ code }) => code === basis)?.personal_data === true;

/** The shorter of what the grant and the statement's class of retention allow. @param issued where the clock of the class starts */
export function retainUntil(from: number, grant: Grant, handling: Handling, issued = from): number {
  const { maximum = Number.POSITIVE_INFINITY } = retentionTerm(handling.retention_class);
  return Math.min(from + grant.retention_days * secondsPerDay, issued + maximum);
}

/** Whether a marking is at or below the ceiling, in a code list that is in order of strictness. Unknown codes are above everything. */
export function isWithin(list: string, code: string, ceiling: string): boolean {
  const order = codeList(list).codes.map((entry) => entry.code);
  const at = order.indexOf(code);
  return at !== -1 && at <= order.indexOf(ceiling);
}

/** When an answer is due if the statement does not say so (Directive (EU) 2023/977 for the first two). */
export function replyBy(urgency: string | undefined, now: number): number | undefined {
  const reply = codeList('urgency').codes.find(({ code }) => code === urgency)?.reply as { hours?: number; days?: number } | undefined;
  return reply === undefined ? undefined : now + (reply.hours ?? 0) * 3600 + (reply.days ?? 0) * secondsPerDay;
}
