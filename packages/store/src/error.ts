import { LedgerError } from '@entente/ledger';

/**
 * Why the store refused.
 *
 * - `busy`: too many acts wait to be committed; nothing was written, try again later
 * - `stale`: a peer or an agreement that the act was decided on no longer holds
 * - `jti_reused`: the name (issuer and jti) belongs to another digest
 * - `key_not_unique`: a key or certificate of another node, or of another use
 * - `idempotency_mismatch`: this idempotency key was used for another request
 * - `version_conflict`: a draft or shipment is not at the version expected, or a declaration is already there
 * - `unknown_reference`: the act speaks of a release, content or draft that is not there
 * - `too_late`: a limit has passed by which this could be done, or has not come yet before which it cannot
 * - `on_hold`: a legal hold keeps what was to be erased
 * - `bad_cursor`: not a cursor that this store gave out
 * - `bad_value`: the database cannot hold a value of the act, or refuses it
 * - `schema_older`, `schema_newer`: the database's schema is not the one that this program was made for
 * - `migration_changed`: a migration that was applied has another text now
 * - `not_empty`: a backup is written into an empty folder and restored into an empty database only
 * - `backup_damaged`: a file or a row of a backup is not what was backed up
 * - `backup_unfit`: a backup of another agency, schema or format, or none
 * - `not_recovered`: the database came from a backup, and nothing was said yet about what was lost
 * - `unavailable`: the database cannot be reached or broke off. If that was during a commit, its outcome is not known
 * - `closed`: the store was closed
 */
export type StoreCode =
  | 'busy'
  | 'stale'
  | 'jti_reused'
  | 'key_not_unique'
  | 'idempotency_mismatch'
  | 'version_conflict'
  | 'unknown_reference'
  | 'too_late'
  | 'on_hold'
  | 'bad_cursor'
  | 'bad_value'
  | 'schema_older'
  | 'schema_newer'
  | 'migration_changed'
  | 'not_empty'
  | 'backup_damaged'
  | 'backup_unfit'
  | 'not_recovered'
  | 'unavailable'
  | 'closed';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly code: StoreCode,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}

/** SQLSTATE classes that speak of values; the message may quote them and stays in the cause. */
const valueClasses = new Set(['22', '23', '54']);

/** Raised by the database itself, migration 2. */
const notRecovered = '55000';

/** Any failure of a query as a StoreError. */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const cause = rootCause(error);
  const state = (cause as { code?: unknown }).code;
  if (typeof state === 'string' && valueClasses.has(state.slice(0, 2)) && state.length === 5) {
    return new StoreError('bad_value', `the database refused a value (${state})`, { cause });
  }
  if (cause instanceof TypeError || cause instanceof RangeError || cause instanceof LedgerError) {
    return new StoreError('bad_value', 'the act holds a value that cannot be stored', { cause });
  }
  if (state === notRecovered) return new StoreError('not_recovered', 'the database came from a backup and is not recovered', { cause });
  return new StoreError('unavailable', `the database did not answer as it should (${typeof state === 'string' ? state : 'no code'})`, {
    cause,
  });
}

/** drizzle wraps the driver's error and puts the query's parameters into its message: only what is inside may go further. */
function rootCause(error: unknown): Error {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner : new Error(String(inner));
}

/** What a function that the caller handed in has thrown: it goes back to him as it is. */
export class CallerError extends Error {
  override readonly name = 'CallerError';
}

/** @throws {CallerError} */
export async function callBack<A, R>(callback: (argument: A) => Promise<R>, argument: A): Promise<R> {
  try {
    return await callback(argument);
  } catch (cause) {
    throw new CallerError('', { cause });
  }
}
