/**
 * Everything that can go wrong in a command, as one closed list. The number is the exit code of the program:
 * 1 = the command ran and found something wrong, 2 = it was not asked rightly, 3 = the node cannot be reached, or cannot work now.
 */
export const exitCodes = {
  usage: 2,
  file_missing: 2,
  file_invalid: 2,
  already_there: 2,
  not_built: 2,
  no_token: 2,
  no_local_issuer: 2,
  thumbprint_mismatch: 1,
  configuration_invalid: 1,
  not_a_party: 1,
  agreement_invalid: 1,
  refused: 1,
  unreachable: 3,
  unavailable: 3,
} as const satisfies Record<string, 1 | 2 | 3>;

export type FailureCode = keyof typeof exitCodes;

/** A failure in words: what happened (`message`) and what to do about it (`advice`). */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly code: FailureCode,
    message: string,
    readonly advice: string,
    readonly detail: Record<string, unknown> = {},
  ) {
    super(message);
  }
}
