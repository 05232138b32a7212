import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { noteKey, openCheckpoint, signatureType } from '@entente/ledger';
import { nodeVerifier } from '@entente/seal/node';
import { type RestoredCheckpoint, restore as restoreBackup } from '@entente/store';
import { type Identity, loadIdentity } from '../identity.js';
import { type Command, CommandError, progress, requiredFolder } from './command.js';
import { ownerUrlOf } from './migrate.js';

const seconds = (): number => Math.floor(Date.now() / 1000);

export const restore: Command = async (config, args) => {
  const folder = resolve(requiredFolder(args));
  const identity = loadIdentity(config, seconds);
  const { manifest, erased } = await restoreBackup({
    ownerUrl: ownerUrlOf(config),
    folder,
    entityId: config.entity_id,
    now: seconds(),
    erased: args.erased === undefined ? [] : await erasedIn(args.erased),
    verifyCheckpoint: (checkpoint) => requireOwn(identity, checkpoint),
    progress: (table, rows) => progress(`${table}: ${rows} rows`),
  });
  progress('');
  const takenAt = new Date(manifest.taken_at * 1000).toISOString();
  return {
    result: { folder, taken_at: takenAt, final: manifest.final, schema: manifest.schema.version, logs: manifest.logs, erased },
    words: [
      `The backup of ${takenAt} is restored: every digest, chain, root and signature in it was found again.`,
      `Erased again: ${erased.named} contents named to have been erased since, ${erased.expired} past their retention.`,
      'The node adds nothing until it knows what its partners hold of it: run `entente recover`.',
    ],
  };
};

/** The signature of one of the log keys that this node publishes, past ones too. @throws CommandError */
async function requireOwn({ keys, logOrigin }: Identity, { log, epoch, note, size }: RestoredCheckpoint): Promise<void> {
  for (const { jwk, alg } of keys.filter(({ use }) => use === 'log')) {
    const key = noteKey(logOrigin(log, epoch), signatureType.ed25519, Buffer.from(jwk.x, 'base64url'));
    const verify = nodeVerifier(jwk, alg);
    const opened = await openCheckpoint(note, key, (_key, message, signature) => verify(message, signature)).catch(() => undefined);
    if (opened?.size === size) return;
  }
  throw new CommandError(
    'backup_foreign',
    `no log key of this node has signed the checkpoint of size ${size} of the ${log} log`,
    'The backup is not of this node, or the entity configuration does not name the key any more that signed it.',
  );
}

/** Entries of a later copy of the exchange log, one JSON object a line, as `entente audit entries` writes them: what their `erased` leaves name. */
async function erasedIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError('file_missing', `there is no copy of the log at ${file}`, 'Check the path.');
  });
  try {
    const leaves = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(JSON.parse(line).leaf) as { op?: string; ref?: string });
    return leaves.flatMap(({ op, ref }) => (op === 'erased' && typeof ref === 'string' ? [ref] : []));
  } catch {
    throw new CommandError(
      'file_invalid',
      `${file} is no copy of a log`,
      'It has one JSON object a line, as `entente audit entries` writes it.',
    );
  }
}
