/** Who this node is: its name, its private keys behind signers, what it publishes. The private halves never leave this file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NoteSigner, noteKey, parseVkey, signatureType } from '@entente/ledger';
import { type EntityConfiguration, inspectEntityConfiguration, type JWK, type KeyRecord, type Signer, type Use } from '@entente/seal';
import { nodeSigner } from '@entente/seal/node';
import type { LogName, OwnKeyWrite } from '@entente/store';
import type { Config } from './config/schema.js';
import type { TlsIdentity } from './federation/listener.js';
import { witnessName } from './witness/note-keys.js';

export interface Identity {
  /** Entity id. */
  id: string;
  /** The published entity configuration (JWT). */
  configuration: string;
  /** The same, read. */
  published: EntityConfiguration;
  /** Every public key that it publishes, with its history. */
  keys: KeyRecord[];
  tls: TlsIdentity;
  /** The key that signs now for this use. Throws when there is none: then this node must not run. */
  signer(use: Use): Signer;
  logOrigin(log: LogName, epoch: number): string;
  /** Epoch of the log that the entity configuration names. */
  epoch: number;
  /** Signs for a log: with the key that the configuration names for the present epoch, and with the one before for earlier ones. Throws where there is none. */
  noteSigner(log: LogName, epoch: number): NoteSigner;
  /** Cosigns the checkpoints of partners. Throws where there is no key for it. */
  witnessSigner(): NoteSigner;
}

/** Files as `entente init` writes them: a private JWK with `use_for`, `not_before`, `not_after` in seconds. */
type KeyFile = Parameters<typeof nodeSigner>[0] & { kid: string; use_for: Use; not_before: number; not_after: number };

/** `used` is told of each signature but those of the log and the witness: their checkpoints tell of themselves. */
export function loadIdentity(config: Config, now: () => number, used: (key: string) => void = untold): Identity {
  const configuration = readFileSync(config.entity_configuration_file, 'utf8').trim();
  const published = inspectEntityConfiguration(configuration).configuration;
  if (published.id !== config.entity_id)
    throw new Error(`${config.entity_configuration_file} is of ${published.id}, not of ${config.entity_id}`);
  const signers = signersIn(config.keys.folder, published.keys, used);
  const signer = (use: Use) => {
    const at = now();
    // Of two that are good, the newer one: the older only verifies what it has signed.
    const found = signers.findLast((one) => one.use === use && one.not_before <= at && at <= one.not_after);
    if (!found)
      throw new Error(`there is no valid private key for ${use} in ${config.keys.folder} that the entity configuration publishes`);
    return found;
  };
  for (const use of ['statement', 'release', 'log'] as const) signer(use);
  const host = new URL(config.entity_id).host;
  const logOrigin = (log: LogName, epoch: number) => `${host}/${log === 'exchange' ? 'log' : 'access'}/${epoch}`;
  const present = Buffer.from(parseVkey(published.log.vkey).publicKey).toString('base64url');
  const logKeys = published.keys.filter(({ use }) => use === 'log').sort((a, b) => a.not_before - b.not_before);
  const logSigner = (epoch: number) => {
    const at = logKeys.findIndex(({ jwk }) => jwk.x === present);
    const now = epochNamed(published.log.origin);
    const { kid } = logKeys[epoch === now ? at : at - 1] ?? {};
    const found = epoch > now ? undefined : signers.find((one) => one.use === 'log' && one.kid === kid);
    if (!found) throw new Error(`the private key of the log of epoch ${epoch} is not in ${config.keys.folder}, or may sign no more`);
    return found;
  };
  return {
    id: config.entity_id,
    configuration,
    keys: published.keys,
    tls: {
      key: readFileSync(join(config.keys.folder, 'tls.key.pem'), 'utf8'),
      certificate: readFileSync(join(config.keys.folder, 'tls.cert.pem'), 'utf8'),
    },
    published,
    signer,
    logOrigin,
    epoch: epochNamed(published.log.origin),
    noteSigner: (log, epoch) => {
      const { jwk, sign } = logSigner(epoch);
      return { key: noteKey(logOrigin(log, epoch), signatureType.ed25519, Buffer.from(jwk.x, 'base64url')), sign };
    },
    witnessSigner: () => {
      const { jwk, sign } = signer('witness');
      return { key: noteKey(witnessName(config.entity_id), signatureType.cosignature, Buffer.from(jwk.x, 'base64url')), sign };
    },
  };
}

/** The epoch in the name of an exchange log. */
const epochNamed = (origin: string): number => Number(/\/log\/([1-9]\d{0,8})$/.exec(origin)?.[1] ?? 1);

/** For the commands of maintenance, which run where nothing may be added. */
export const untold = (): void => undefined;

function counted<S extends Signer>(signer: S, use: Use, used: (key: string) => void): S {
  if (use === 'log' || use === 'witness') return signer;
  const name = `${use} ${signer.kid}`;
  return {
    ...signer,
    sign: (bytes: Uint8Array) => {
      used(name);
      return signer.sign(bytes);
    },
  };
}

interface Ready extends Signer {
  use: Use;
  jwk: JWK;
  not_before: number;
  not_after: number;
}

/** Those of the private keys that are published and not revoked, the oldest first, with the times that the publication gives them. */
function signersIn(folder: string, published: readonly KeyRecord[], used: (key: string) => void): Ready[] {
  return keyFiles(folder)
    .flatMap((file) => {
      const listed = published.find(({ kid, use }) => kid === file.kid && use === file.use_for);
      if (!listed || listed.revoked_at !== undefined || listed.compromised_from !== undefined) return [];
      const { use, not_before, not_after } = listed;
      return [{ ...counted(nodeSigner(file), use, used), use, not_before, not_after }];
    })
    .sort((a, b) => a.not_before - b.not_before);
}

function keyFiles(folder: string): KeyFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as KeyFile);
}

/** A published key as the store keeps it. */
export const keyRow = (key: KeyRecord): OwnKeyWrite => ({
  kid: key.kid,
  use: key.use,
  alg: key.alg,
  jwk: key.jwk,
  notBefore: key.not_before,
  notAfter: key.not_after,
  ...(key.revoked_at === undefined ? {} : { revokedAt: key.revoked_at }),
  ...(key.compromised_from === undefined ? {} : { compromisedFrom: key.compromised_from }),
});
