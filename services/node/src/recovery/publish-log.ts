/** The entity configuration names the log, and a new epoch has a log of another name: it is signed anew, and partners fetch it when the node serves. */
import { access, constants, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatVkey, noteKey, parseVkey } from '@entente/ledger';
import { inspectEntityConfiguration, signEntityConfiguration } from '@entente/seal';
import type { Identity } from '../identity.js';

/** What publishing will need, asked for before anything is changed. @throws Error */
export async function requirePublishable(file: string, identity: Identity): Promise<void> {
  identity.signer('federation');
  await access(dirname(file), constants.W_OK).catch(() => {
    throw new Error(`${file} must be written anew for the new epoch, and this user may not write into its folder`);
  });
}

export async function publishLog(file: string, identity: Identity, epoch: number, now: number): Promise<void> {
  const { configuration } = inspectEntityConfiguration(identity.configuration);
  const { type, publicKey } = parseVkey(configuration.log.vkey);
  const key = noteKey(identity.logOrigin('exchange', epoch), type, publicKey);
  const changed = { ...configuration, iat: Math.max(now, configuration.iat + 1), log: { origin: key.name, vkey: formatVkey(key) } };
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${await signEntityConfiguration(changed, identity.signer('federation'))}\n`, { flag: 'wx' });
  await rename(draft, file);
}
