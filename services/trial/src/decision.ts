/** What an officer decides about a draft, written down beforehand with the reason, and put into the statement. */
import type { Json, StatementInput } from '@entente/statement';

export interface Decision {
  /** In words, for whoever asks later why this was sent. */
  reason: string;
  /** Entity ids. */
  addressees: string[];
  /** Durations of ISO 8601 in days, hours or minutes, counted from now: `P30D`, `-PT40M`. */
  valid_for: string;
  review_in?: string;
  handling: StatementInput['handling'];
  legal_basis: StatementInput['legal_basis'];
  /** Follows the facts of the narrative. */
  assessment?: string;
  /** JSON pointer -> value; an index behind the end of a list adds to it. */
  complete: Record<string, Json>;
  /** For every natural or unknown person that the declaration names. */
  persons?: Record<string, Json>;
  second_officer: { checklist: Record<string, string>; reason: string };
}

/** A statement in answer to a received one, complete but for times and the relation. */
export interface AnswerText extends Pick<StatementInput, 'kind' | 'lang' | 'handling' | 'legal_basis' | 'body'> {
  from: string;
  addressees: string[];
  reason: string;
  valid_for: string;
  /** JSON pointer -> duration from now. */
  times?: Record<string, string>;
}

/** The draft with everything that only an officer can judge. `now` in milliseconds. */
export function completed(draft: Partial<StatementInput>, decision: Decision, now: number): StatementInput {
  const input = {
    ...structuredClone(draft),
    exercise: true,
    valid_from: timeAt(now),
    valid_until: timeAt(now + duration(decision.valid_for)),
    handling: decision.handling,
    legal_basis: decision.legal_basis,
    rel: [],
  } as unknown as StatementInput;
  if (decision.review_in) input.body.review_by = timeAt(now + duration(decision.review_in)).slice(0, 10);
  if (decision.assessment) input.body.narrative = `${input.body.narrative ?? ''} ${decision.assessment}`.trim();
  for (const party of (input.body.parties ?? []) as Record<string, Json>[]) {
    if (party.party_kind === 'NATURAL' || party.party_kind === 'UNKNOWN') Object.assign(party, decision.persons);
  }
  for (const [pointer, value] of Object.entries(decision.complete)) put(input as unknown as Json, pointer, value);
  return input;
}

export function answered(text: AnswerText, to: string, now: number): StatementInput {
  const { kind, lang, handling, legal_basis, body, times = {}, valid_for } = text;
  const input: StatementInput = {
    kind,
    lang,
    exercise: true,
    valid_from: timeAt(now),
    valid_until: timeAt(now + duration(valid_for)),
    handling,
    legal_basis,
    rel: [{ type: 'replies_to', of: to }],
    body: structuredClone(body),
  };
  for (const [pointer, offset] of Object.entries(times)) put(input as unknown as Json, pointer, timeAt(now + duration(offset)));
  return input;
}

export const timeAt = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

const DURATION = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;

/** Milliseconds. */
export function duration(text: string): number {
  const match = DURATION.exec(text);
  if (!match) throw new Error(`${text} is no duration in days, hours or minutes`);
  const [, sign, days = '0', hours = '0', minutes = '0'] = match;
  return (sign ? -1 : 1) * ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000;
}

/** Sets what an RFC 6901 pointer names. Throws where the way to it does not exist. */
function put(document: Json, pointer: string, value: Json): void {
  const names = pointer.slice(1).split('/');
  const last = names.pop()!;
  const holder = names.reduce<Json | undefined>((at, name) => (at as Record<string, Json> | undefined)?.[name], document);
  if (typeof holder !== 'object' || holder === null) throw new Error(`there is nothing to put ${pointer} into`);
  (holder as Record<string, Json>)[last] = value;
}
