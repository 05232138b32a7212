import { codeOf, type Json, type Part, type Relation } from '@entente/statement';
import { Refusal } from './permit.js';
import type { RuleId } from './rules.js';

/** A consent as it was opened: every signature on it holds, anything in its body may have been withheld. Times are seconds since the epoch. */
export interface ConsentStatement {
  digest: string;
  claims: { iss: string; kind: string; exercise: boolean; valid_from: number; valid_until: number };
  rel: readonly Relation[];
  body: Readonly<Record<string, Json>>;
}

/** What a consent must fit: this statement of this originator, passed on by this holder to this node, at this time. */
export interface RelayFacts {
  originator: string;
  /** digest of the statement that is passed on */
  target: string;
  exercise: boolean;
  /** its originator had it from outside the federation, and says so in its handling */
  external: boolean;
  holder: string;
  to: string;
  at: number;
}

/** Known in this package only, as with permits. */
const give: unique symbol = Symbol('give');

interface Given {
  digest: string;
  originator: string;
  target: string;
  holder: string;
  to: string;
  purposes: readonly string[];
  /** nobody who gets it keeps it longer; seconds since the epoch */
  retainUntil: number;
  classes: readonly string[];
  fields: readonly string[];
}

/**
 * The originator's consent to one relay. Only `readConsent` makes one, and a permit to relay cannot be asked for without it: silence has
 * no value of this type.
 */
export class OnwardConsent {
  readonly #given: Given;
  private constructor(given: Given) {
    this.#given = given;
    Object.freeze(this);
  }

  static [give](given: Given): OnwardConsent {
    return new OnwardConsent(given);
  }

  get digest(): string {
    return this.#given.digest;
  }
  get originator(): string {
    return this.#given.originator;
  }
  get target(): string {
    return this.#given.target;
  }
  get holder(): string {
    return this.#given.holder;
  }
  get to(): string {
    return this.#given.to;
  }
  get purposes(): readonly string[] {
    return this.#given.purposes;
  }
  get retainUntil(): number {
    return this.#given.retainUntil;
  }

  /** Whether it names the part: by its data class, and by the body member that it is in. */
  covers({ pointer, dataClass }: Part): boolean {
    return this.#given.classes.includes(dataClass) && this.#given.fields.includes(fieldOf(pointer));
  }
}

/** `/body/goods/0/C1` is in `/body/goods`, `/rel/0` in `/rel`. */
const fieldOf = (pointer: string): string => /^\/(rel|body\/[^/]+)/.exec(pointer)?.[0] ?? pointer;

/**
 * Reads a consent for one relay; used alike by who passes on, who receives and who audits. What it does not say, it does not allow: a
 * member that was withheld grants nothing. Whether it was withdrawn since is known by its holder and asked apart.
 */
export function readConsent({ digest, claims, rel, body }: ConsentStatement, facts: RelayFacts): OnwardConsent | Refusal {
  const { originator, target, exercise, external, holder, to, at } = facts;
  const scope = scopeOf(body.scope);
  const checks: [RuleId, boolean][] = [
    ['consent_of_another', claims.kind === 'consent' && claims.iss === originator && claims.exercise === exercise],
    ['consent_withdrawn', body.decision !== 'WITHDRAWN'],
    ['consent_not_granted', grants(body.decision) && body.consent_kind === 'ONWARD_TRANSFER' && scope !== undefined],
    ['consent_of_another', rel.some(({ type, of }) => type === 'consents_to' && of === target)],
    ['consent_to_others', body.holder === holder && recipientsOf(body.to_whom).includes(to)],
    ['consent_not_from_outside', !external || typeof body.external_consent === 'string'],
    ['consent_over', claims.valid_from <= at && at < Math.min(claims.valid_until, scope?.until ?? 0) && (scope?.retain_until ?? 0) > at],
  ];
  const failed = checks.find(([, holds]) => !holds);
  if (failed !== undefined || scope === undefined) return new Refusal(failed?.[0] ?? 'consent_not_granted', { from: originator, to });
  const { fields, classes, purposes, retain_until: retainUntil } = scope;
  return OnwardConsent[give]({ digest, originator, target, holder, to, fields, classes, purposes, retainUntil });
}

const grants = (decision: Json | undefined): boolean =>
  typeof decision === 'string' && codeOf('consent-decision', decision)?.grants === true;

const recipientsOf = (toWhom: Json | undefined): Json[] =>
  Array.isArray(toWhom) ? toWhom.map((entry) => (entry as { node?: Json } | null)?.node ?? null) : [];

interface Scope {
  fields: string[];
  classes: string[];
  purposes: string[];
  until: number;
  retain_until: number;
}

function scopeOf(scope: Json | undefined): Scope | undefined {
  const { fields, classes, purposes, until, retain_until } = (scope ?? {}) as Record<string, Json>;
  const [end, kept] = [secondsOf(until), secondsOf(retain_until)];
  if (!isTexts(fields) || !isTexts(classes) || !isTexts(purposes) || end === undefined || kept === undefined) return undefined;
  return { fields, classes, purposes, until: end, retain_until: kept };
}

const isTexts = (value: Json | undefined): value is string[] => Array.isArray(value) && value.every((entry) => typeof entry === 'string');

function secondsOf(time: Json | undefined): number | undefined {
  const milliseconds = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}
