export * from './code-lists.js';
export {
  type ClassByMember,
  type ClassOfItems,
  type ClassRule,
  classOf,
  type DataClass,
  dataClasses,
  isDataClass,
  possibleClasses,
  strictest,
} from './data-class.js';
export { afterTerm, deadlineOf } from './deadline.js';
export {
  type Layout,
  layout,
  partsOf,
  type SdArray,
  type SdElement,
  type SdMember,
  type SdObject,
  type SdValue,
} from './disclosure/layout.js';
export { partHolding } from './disclosure/part-holding.js';
export type { Part } from './disclosure/parts.js';
export { unfold } from './disclosure/unfold.js';
export { type Handling, type LegalBasis, type OpenClaims, openRelations, type Relation, type StatementInput } from './envelope.js';
export { StatementError, type StatementErrorCode } from './errors.js';
export { type Field, fields } from './fields.js';
export { checkIdentifiers, type IdentifierCheck } from './identifiers/check-identifiers.js';
export { type Check, checkIdentifier, type SchemeId, schemes } from './identifiers/schemes.js';
export { inputSchemaOf as statementInputSchema } from './input-schema.js';
export type { Json, JsonObject } from './json.js';
export { jsonSchema } from './json-schema.js';
export type { Kind, Term, Transitions } from './kinds/kind.js';
export { isUngranted, kindOf, kinds, maySend } from './kinds/registry.js';
export { looksLike } from './media-types.js';
export { type RetentionTerm, retentionTerm } from './retention.js';
export { checkAddressees, checkAuthor } from './rules/addressees.js';
export { maximumDays } from './rules/v08-validity.js';
export { checkCircularReporting } from './rules/v09-grading.js';
export { checkDestinationsKept } from './rules/v17-destinations.js';
export { normaliseTerm, type SearchTerm, searchFieldNames, searchTerms } from './search-terms.js';
export { hasText, text } from './texts.js';
export type { Finding } from './validation/finding.js';
export { validateDisclosed, validateDraft, validateFull } from './validation/validate.js';
