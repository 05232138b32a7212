import type { Part } from '../disclosure/parts.js';
import type { Handling, LegalBasis, Relation } from '../envelope.js';
import type { JsonObject } from '../json.js';
import type { Kind } from '../kinds/kind.js';
import type { Visit } from '../schema/walk.js';
import type { Finding } from '../validation/finding.js';

/** What the rules look at, of a whole statement, a draft or what a partner disclosed: its shape is right, anything may be absent. */
export interface Subject {
  kind: Kind;
  /** seconds since 1970 */
  validFrom: number | undefined;
  validUntil: number | undefined;
  handling: Partial<Handling>;
  legalBasis: readonly Partial<LegalBasis>[];
  rel: readonly Relation[];
  body: JsonObject;
  parts: readonly Part[];
  /** every value of the body, walked once for all rules */
  visits: readonly Visit[];
}

export interface Rule {
  id: string;
  /** a recipient judges by it too: it needs nothing that may be withheld */
  atReceipt: boolean;
  check(subject: Subject): Finding[];
}
