/**
 * - `no_server`: no usable PostgreSQL >= 15 on this machine
 * - `wrong_version`: the folder was made by another major version than the servers found here
 * - `needs_plain_user`: started as root, and no way was found to run the server without root
 * - `initdb_failed`, `start_failed`, `stop_failed`: the server's own tools refused; the message carries their words
 * - `bad_name`: not a plain database or role name
 */
export type PostgresCode =
  | 'no_server'
  | 'wrong_version'
  | 'needs_plain_user'
  | 'initdb_failed'
  | 'start_failed'
  | 'stop_failed'
  | 'bad_name';

export class PostgresError extends Error {
  override name = 'PostgresError';

  constructor(
    readonly code: PostgresCode,
    message: string,
  ) {
    super(message);
  }
}
