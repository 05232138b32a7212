/** `entente keys roll USE`: a new key beside the old one, published before it signs. docs/protocol.md section 1. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type EntityConfiguration, type KeyRecord, readJwk, signHandover, type Use, withNewKey } from '@entente/seal';
import { nodeSigner } from '@entente/seal/node';
import { type KeyFile, type KeyPurpose, keyPlan, makeKey } from '../agency/keys.js';
import { layout } from '../agency/layout.js';
import { logIdentity } from '../agency/log-identity.js';
import type { Act, CommonOptions } from '../command.js';
import { CliError } from '../failure.js';
import { parseJson, readText, replaceFile } from '../files.js';
import { type Published, publish, readPublished } from './publish.js';

export interface RollOptions extends CommonOptions {
  days: number;
  in?: number;
  next?: string;
}

interface Rolled {
  /** Name of the new key. */
  key: string;
  /** From when it is used; seconds since the epoch. */
  from: number;
  configuration: EntityConfiguration;
}

const DAY = 86_400;

export const rollKey: Act<RollOptions> = async (options, [use = ''], { now }) => {
  const published = await readPublished(options.config);
  const at = Math.max(now(), published.configuration.iat + 1);
  const roll = rolls[use as KeyPurpose];
  if (roll === undefined)
    throw new CliError(
      'usage',
      `there is no key for ${use}`,
      `One of ${Object.keys(rolls).join(', ')}; for the certificate of TLS: \`entente keys renew-tls\`.`,
    );
  const { key, from, configuration } = await roll(published, at, options);
  return {
    result: { use, key, from, configuration_iat: configuration.iat },
    words: [
      `The new key for ${use} is ${key}.`,
      `It is published, and used from ${new Date(from * 1000).toISOString()}. A running node tells its partners by itself.`,
      ...(use === 'log'
        ? [`The log goes on under it in a new epoch, ${configuration.log.origin}; the old log is signed to its last entry.`]
        : []),
      ...(use === 'federation' ? [`Take the new ${layout.nextFederationKey} away from this machine, as you did with the last one.`] : []),
    ],
  };
};

const rolls: Record<KeyPurpose, (published: Published, at: number, options: RollOptions) => Promise<Rolled>> = {
  federation: rollFederation,
  statement: (published, at, options) => rollPlain('statement', published, at, options),
  release: (published, at, options) => rollPlain('release', published, at, options),
  witness: (published, at, options) => rollPlain('witness', published, at, options),
  encryption: (published, at, options) => rollPlain('encryption', published, at, options),
  log: rollLog,
};

type Plain = Exclude<KeyPurpose, 'federation' | 'log'>;

async function rollPlain(use: Plain, published: Published, at: number, o: RollOptions): Promise<Rolled> {
  const from = at + (o.in ?? 0);
  const key = makeKey(use, keyPlan[use].alg, { not_before: from, not_after: from + o.days * DAY });
  const configuration = withNewKey(published.configuration, recordOf(published.configuration.id, key), at);
  await writeSecret(join(published.node.keysFolder, `${use}.${key.kid}.json`), json(key));
  await publish(published, configuration, published.signer);
  return { key: key.kid, from, configuration };
}

/** One key, one log: with a new key a log of another name begins, whose number nobody can have given before (docs/protocol.md section 9.5). */
async function rollLog(published: Published, at: number, o: RollOptions): Promise<Rolled> {
  if (o.in !== undefined) throw new CliError('usage', 'a new key of the log takes over at once', 'Leave --in out.');
  const { configuration: before, node } = published;
  const key = makeKey('log', keyPlan.log.alg, { not_before: at, not_after: at + o.days * DAY });
  const record = recordOf(before.id, key);
  const epoch = Math.max(epochOf(before.log.origin) + 1, Math.floor(at / 60));
  const log = logIdentity(before.id, epoch, record.jwk.x);
  const configuration = { ...withNewKey(before, record, at), log };
  await writeSecret(join(node.keysFolder, `log.${key.kid}.json`), json(key));
  await publish(published, configuration, published.signer);
  return { key: key.kid, from: at, configuration };
}

const epochOf = (origin: string): number => Number(origin.slice(origin.lastIndexOf('/') + 1));

/** The key that was announced takes over, with a word of the old one; another one is made and announced in its place. */
async function rollFederation(published: Published, at: number, o: RollOptions): Promise<Rolled> {
  const { node, configuration: before, signer: old } = published;
  const file = o.next ?? join(dirname(node.file), layout.nextFederationKey);
  const announced = parseJson(await readText(file, 'announced federation key'), file, 'announced federation key') as KeyFile;
  if (announced.kid !== before.next)
    throw new CliError('file_invalid', `${file} is not the key that was announced as the next one`, `It should be ${before.next}.`, {
      file,
    });
  const key: KeyFile = { ...announced, not_before: at, not_after: at + o.days * DAY };
  const next = makeKey('federation', keyPlan.federation.alg, { not_before: at, not_after: at + 2 * o.days * DAY });
  const configuration = {
    ...withNewKey(before, recordOf(before.id, key), at),
    next: next.kid,
    handover: await signHandover({ iss: before.id, iat: at, to: key.kid }, old),
  };
  await writeSecret(join(node.keysFolder, `federation.${key.kid}.json`), json(key));
  await replaceFile(file, json(next), 0o600);
  await publish(published, configuration, nodeSigner(key));
  return { key: key.kid, from: at, configuration };
}

function recordOf(iss: string, key: KeyFile): KeyRecord {
  const { d: _, kid, use_for, not_before, not_after, ...members } = key;
  const { alg, jwk } = readJwk(members);
  return { iss, kid, use: use_for as Use, alg, jwk, not_before, not_after };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const writeSecret = (file: string, text: string): Promise<void> => writeFile(file, text, { mode: 0o600, flag: 'wx' });
