import { X509Certificate } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EntityConfiguration, inspectEntityConfiguration, type PrivateJwk, type Signer, signEntityConfiguration } from '@entente/seal';
import { nodeSigner } from '@entente/seal/node';
import { makeTlsIdentity } from '../agency/certificate.js';
import type { Act, CommonOptions } from '../command.js';
import { type Configuration, readConfiguration } from '../configuration-file.js';
import { CliError } from '../failure.js';
import { readText, replaceFile } from '../files.js';

type Options = CommonOptions & { days: number; activate?: boolean };

const pair = (folder: string, prefix = '') => ({
  key: join(folder, `${prefix}tls.key.pem`),
  certificate: join(folder, `${prefix}tls.cert.pem`),
});

/**
 * `entente keys renew-tls`, in two steps. Partners pin certificates, so the new one is published beside the present one first; only when they
 * have fetched that does the node change over. Nothing is overwritten that a partner may still need.
 */
export const renewTls: Act<Options> = async (options, _args, { now }) => {
  const configuration = await readConfiguration(options.config);
  return options.activate ? activate(configuration, now()) : announce(configuration, options.days, now());
};

async function announce(configuration: Configuration, days: number, now: number) {
  const { keysFolder, entityId, publicUrl } = configuration;
  const next = pair(keysFolder, 'next.');
  const present = await readFile(pair(keysFolder).certificate, 'utf8');
  const made = await makeTlsIdentity({ entityId, publicUrl, now, days });
  await write(next.key, made.keyPem, 0o600);
  await write(next.certificate, made.certificatePem, 0o644);
  const ends = await publish(configuration, [present, made.certificatePem], now);
  return {
    result: {
      step: 'announced',
      fingerprint: fingerprint(made.certificatePem),
      expires_at: ends,
      configuration: configuration.entityConfigurationFile,
    },
    words: [
      `A new certificate, which ends on ${ends.slice(0, 10)}, is published beside the present one in ${configuration.entityConfigurationFile}.`,
      'What to do now:',
      '  - A running node tells its partners. It still shows the present certificate; who is away fetches the new configuration on return.',
      '  - `entente doctor` says which partners have not yet fetched it.',
      '  - When all have: `entente keys renew-tls --activate`. A running node changes over at once.',
    ],
  };
}

async function activate(configuration: Configuration, now: number) {
  const present = pair(configuration.keysFolder);
  const next = pair(configuration.keysFolder, 'next.');
  const certificate = await readFile(next.certificate, 'utf8').catch(() => {
    throw new CliError(
      'file_missing',
      'there is no new certificate to change over to',
      'Make and publish one first: `entente keys renew-tls`.',
      {
        file: next.certificate,
      },
    );
  });
  const { configuration: published } = await ownConfiguration(configuration);
  if (!published.certificates.some((one) => one.fingerprint === fingerprint(certificate)))
    throw new CliError(
      'configuration_invalid',
      `${next.certificate} is not published in ${configuration.entityConfigurationFile}: partners would refuse it`,
      'Move it away and begin again with `entente keys renew-tls`.',
    );
  const ends = await publish(configuration, [certificate], now);
  await rename(next.key, present.key);
  await rename(next.certificate, present.certificate);
  return {
    result: {
      step: 'activated',
      fingerprint: fingerprint(certificate),
      expires_at: ends,
      configuration: configuration.entityConfigurationFile,
    },
    words: [
      `The node shows the new certificate from its next start on; it ends on ${ends.slice(0, 10)}.`,
      'A partner that has never fetched the configuration refuses it: send that one the file, to be added again with `entente peer add`.',
    ],
  };
}

const fingerprint = (pem: string): string => new X509Certificate(pem).fingerprint256;

async function write(file: string, text: string, mode: number): Promise<void> {
  await writeFile(file, text, { mode, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new CliError(
      'already_there',
      `${file} is there already: a renewal is under way`,
      'Finish it with `entente keys renew-tls --activate`, or move the two next.tls files away to begin again.',
      { file },
    );
  });
}

/** Signs the entity configuration anew with these certificates. It holds as long as the last of them, and no longer than its key. */
async function publish(configuration: Configuration, certificates: string[], now: number): Promise<string> {
  const { configuration: before, signer } = await ownConfiguration(configuration);
  const ends = Math.max(...certificates.map((pem) => Math.floor(Date.parse(new X509Certificate(pem).validTo) / 1000)));
  const key = before.keys.find(({ kid }) => kid === signer.kid)!;
  const changed: EntityConfiguration = {
    ...before,
    iat: Math.max(now, before.iat + 1),
    exp: Math.min(ends, key.not_after),
    certificates: certificates.map((pem) => ({ fingerprint: fingerprint(pem), pem })),
  };
  await replaceFile(configuration.entityConfigurationFile, `${await signEntityConfiguration(changed, signer)}\n`);
  return new Date(ends * 1000).toISOString();
}

async function ownConfiguration({ entityConfigurationFile, keysFolder }: Configuration) {
  const { configuration, kid } = inspectEntityConfiguration((await readText(entityConfigurationFile, 'entity configuration')).trim());
  const files = (await readdir(keysFolder)).filter((name) => name.endsWith('.json'));
  for (const file of files) {
    const key = JSON.parse(await readFile(join(keysFolder, file), 'utf8')) as PrivateJwk & { kid: string };
    if (key.kid === kid) return { configuration, signer: nodeSigner(key) as Signer };
  }
  throw new CliError(
    'file_missing',
    `${keysFolder} does not hold the federation key that signs the entity configuration`,
    'Put the key back for this command, if it is kept elsewhere.',
    { folder: keysFolder },
  );
}
