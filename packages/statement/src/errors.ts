export type StatementErrorCode =
  /** a member stands in a disclosure group of another class, outside its group, or twice */
  | 'bad_group'
  /** the body has a member that its kind does not know */
  | 'unknown_member'
  /** the body is no object, or an element list of it is no list of objects */
  | 'bad_body'
  /** no such code list */
  | 'unknown_list'
  /** no such text in the catalogue */
  | 'unknown_text';

/** The one error of this package; findings about a statement are values, not errors. */
export class StatementError extends Error {
  override readonly name = 'StatementError';

  constructor(
    readonly code: StatementErrorCode,
    detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}
