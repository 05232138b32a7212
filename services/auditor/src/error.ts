/**
 * Why an audit could not be carried out. What an audit finds is never an error: findings are results.
 *
 * - `unreachable`: the node did not answer
 * - `denied`: the node refused the token
 * - `bad_answer`: the node answered something that is not its audit API
 * - `not_found`: the node holds nothing of this name
 * - `bad_input`: a file or option that cannot be used
 * - `interrupted`: by whoever started it; it goes on with the next run
 */
export type AuditorCode = 'unreachable' | 'denied' | 'bad_answer' | 'not_found' | 'bad_input' | 'interrupted';

export class AuditorError extends Error {
  override readonly name = 'AuditorError';
  readonly code: AuditorCode;

  constructor(code: AuditorCode, message: string) {
    super(message);
    this.code = code;
  }
}
