import type { Part } from '@entente/statement';
import type { Onward, ReleaseMode } from './agreement.js';
import type { OnwardConsent } from './consent.js';
import { type Facts, type RuleCode, type RuleId, reasonOf, rules } from './rules.js';

/** What decided about one part, and why in words. */
export interface PartDecision {
  part: Part;
  rule: RuleId;
  reason: string;
}

/** The terms on which a recipient gets a statement; they travel with the release. */
export interface Terms {
  purposes: string[];
  /** seconds since the epoch; enforced by the recipient's clock */
  retain_until: number;
  onward: Onward;
  /** ground of the transfer to another state (Directive (EU) 2016/680 Art. 35-38) */
  transfer_basis: string;
  reply_by?: number;
  /** pseudonyms of those at the recipient who alone may read it */
  readers?: string[];
}

/** The version of an agreement that a release rests on. */
export interface AgreementName {
  id: string;
  version: number;
  digest: string;
}

interface Permitted {
  from: string;
  to: string;
  agreement: AgreementName;
  released: readonly PartDecision[];
  withheld: readonly PartDecision[];
  terms: Readonly<Terms>;
  release: ReleaseMode;
  consent?: OnwardConsent | undefined;
}

/** Known in this package only, so that nobody else can ask for a permit. */
export const grantPermit: unique symbol = Symbol('grant');

/**
 * The ticket for sealing a release: these parts, to this node, on these terms. Only `decide` makes one. The
 * constructor and one field are private, so the compiler takes nothing else for a permit, and `isPermit` tells
 * at run time.
 */
export class Permit {
  readonly #granted = true;
  readonly from: string;
  readonly to: string;
  readonly agreement: Readonly<AgreementName>;
  readonly released: readonly PartDecision[];
  readonly withheld: readonly PartDecision[];
  readonly terms: Readonly<Terms>;
  readonly release: ReleaseMode;
  /** of the originator, where the statement is of another agency than the one that releases it */
  readonly consent: OnwardConsent | undefined;

  private constructor({ from, to, agreement, released, withheld, terms, release, consent }: Permitted) {
    this.from = from;
    this.to = to;
    this.agreement = Object.freeze(agreement);
    this.released = Object.freeze(released);
    this.withheld = Object.freeze(withheld);
    this.terms = Object.freeze(terms);
    this.release = release;
    this.consent = consent;
    Object.freeze(this);
  }

  static isPermit(value: object): value is Permit {
    return #granted in value && value.#granted;
  }

  static [grantPermit](permitted: Permitted): Permit {
    return new Permit(permitted);
  }
}

/** To pass on what another agency has signed. Without a consent there is no value of this type. */
export type RelayPermit = Permit & { readonly consent: OnwardConsent };
export const isRelay = (permit: Permit): permit is RelayPermit => permit.consent !== undefined;

/** A rule says no. The reason is for our own officer; the other side sees the code at most. */
export class Refusal {
  readonly code: RuleCode;
  readonly reason: string;
  constructor(
    readonly rule: RuleId,
    facts: Facts,
  ) {
    this.code = rules[rule].code;
    this.reason = reasonOf(rule, facts);
  }
}

export type Decision = Permit | Refusal;
export type RelayDecision = RelayPermit | Refusal;
