import { resolve } from 'node:path';
import { backUp } from '@entente/store';
import { readSecret } from '../config/load.js';
import { type Command, progress, requiredFolder } from './command.js';
import { ownerUrlOf } from './migrate.js';

const seconds = (): number => Math.floor(Date.now() / 1000);

/** Of the database only: keys lie in files, and are kept apart from it, or erasing would be for nothing. */
export const backup: Command = async (config, args) => {
  const folder = resolve(requiredFolder(args));
  const final = args.final === true;
  const manifest = await backUp({
    url: final ? ownerUrlOf(config) : readSecret(config.database.url_file),
    folder,
    entityId: config.entity_id,
    now: seconds(),
    final,
    progress: (table, rows) => progress(`${table}: ${rows} rows`),
  });
  progress('');
  const bytes = manifest.tables.reduce((sum, table) => sum + table.bytes, 0);
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  return {
    result: {
      folder,
      taken_at: new Date(manifest.taken_at * 1000).toISOString(),
      final,
      schema: manifest.schema.version,
      rows,
      bytes,
      logs: manifest.logs,
      kek_ids: manifest.kek_ids,
    },
    words: [
      `The database of ${config.entity_id} is backed up in ${folder}: ${manifest.tables.length} tables, ${rows} rows, ${bytes} bytes.`,
      `It holds no keys. To be read it needs the key-encryption keys ${manifest.kek_ids.join(', ') || '(none yet)'} of ${config.kek_file}: back that file, ${config.token_key_file} and ${config.keys.folder} up apart from it.`,
      ...(final
        ? ['The database is closed for good now: nothing is added to it any more. The node goes on where this backup is restored.']
        : []),
    ],
  };
};
