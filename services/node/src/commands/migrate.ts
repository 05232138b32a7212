import { migrate as migrateSchema } from '@entente/store';
import { readSecret } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { type Command, CommandError } from './command.js';

export const migrate: Command = async (config) => {
  const { from, to } = await migrateSchema(ownerUrlOf(config), {
    applicationRole: new URL(readSecret(config.database.url_file)).username,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const words = from === to ? `The schema is at ${to}; nothing to do.` : `The schema went from ${from} to ${to}.`;
  return { result: { from, to }, words: [words] };
};

/** @throws CommandError */
export function ownerUrlOf({ database }: Config): string {
  if (!database.owner_url_file)
    throw new CommandError(
      'no_owner_address',
      'database.owner_url_file is not set: only the owner of the database may do this',
      'Set it in the configuration for this command, and keep the file off the machine that serves where you can.',
    );
  return readSecret(database.owner_url_file);
}
