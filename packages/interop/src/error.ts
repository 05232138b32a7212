/** Every reason for which a declaration, an amendment or a byte stream is refused. */
export type InteropCode =
  /** Bytes or characters that are not the text which the encoding promises. */
  | 'bad_encoding'
  /** Not well-formed XML, or XML that breaks the namespace rules. */
  | 'not_well_formed'
  /** A document type declaration or an entity other than the five of XML itself. */
  | 'dtd_refused'
  | 'too_large'
  | 'too_deep'
  /** Well-formed, but without a Declaration of the WCO data model. */
  | 'not_a_declaration'
  /** More than one Declaration in one message. */
  | 'several_declarations'
  | 'missing_element'
  /** An element that may stand once stands twice. */
  | 'repeated_element'
  /** A number, date or code that is none. */
  | 'bad_value'
  | 'unsupported_function'
  /** An amendment points at a place that this reader does not know. */
  | 'unknown_pointer'
  /** An amendment or cancellation names another declaration. */
  | 'wrong_target'
  | 'already_cancelled';

/** A refusal with its place. `line` and `column` count from 1; both are 0 where the refusal is not about a place in the text. */
export class InteropError extends Error {
  constructor(
    readonly code: InteropCode,
    message: string,
    readonly line = 0,
    readonly column = 0,
  ) {
    super(line > 0 ? `${message} (line ${line}, column ${column})` : message);
    this.name = 'InteropError';
  }
}
