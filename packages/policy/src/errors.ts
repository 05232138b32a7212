/** Why an agreement was not read; `detail` names the place. */
export type PolicyErrorCode =
  /** a member is missing, unknown or of the wrong form */
  | 'bad_agreement'
  /** a grant names somebody who is no party */
  | 'unknown_party';

/** The one error of this package. Refusals are values, not errors. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  constructor(
    readonly code: PolicyErrorCode,
    detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}
