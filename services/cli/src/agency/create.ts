import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CliError } from '../failure.js';
import { readText } from '../files.js';
import { makeTlsIdentity } from './certificate.js';
import { type AgencyConfiguration, configurationOf } from './configuration.js';
import { signIdentity } from './identity.js';
import { makeKey, makeKeys } from './keys.js';
import { keyPath, layout, privateFolders } from './layout.js';
import { readme } from './readme.js';
import type { Answers } from './settings.js';

export interface Agency {
  /** Absolute. */
  folder: string;
  entity_id: string;
  /** RFC 7638 thumbprint of the federation key: what peers pin, told to them by another channel than the entity configuration. */
  thumbprint: string;
  next_thumbprint: string;
  configuration_file: string;
  configuration: AgencyConfiguration;
  /** Files that a person must still put in place. */
  missing: string[];
}

interface AgencyFile {
  path: string;
  text: string;
  secret: boolean;
}

/**
 * Makes an agency's folder, whole or not at all: everything is written beside it and renamed into place. `now` in seconds.
 * Throws `already_there` when something lies in the folder.
 */
export async function createAgency(folder: string, answers: Answers, now: number): Promise<Agency> {
  const target = resolve(folder);
  await refuseUsed(target);
  const configuration = configurationOf(answers);
  const { files, thumbprint, nextThumbprint } = await agencyFiles(configuration, answers, now);
  await writeWhole(target, files);
  const written = new Set(files.map((file) => file.path));
  return {
    folder: target,
    entity_id: answers.entity_id,
    thumbprint,
    next_thumbprint: nextThumbprint,
    configuration_file: join(target, layout.configuration),
    configuration,
    missing: [layout.databaseUrl, layout.databaseOwnerUrl].filter((path) => !written.has(path)),
  };
}

async function agencyFiles(configuration: AgencyConfiguration, answers: Answers, now: number) {
  const validity = { not_before: now, not_after: now + answers.key_days * 86400 };
  const keys = makeKeys(validity);
  const next = makeKey('federation', 'ES256', validity);
  const localIssuer = makeKey('local_issuer', 'ES256', validity);
  const tls = await makeTlsIdentity({ entityId: answers.entity_id, publicUrl: answers.public_url, now, days: answers.certificate_days });
  const entityConfiguration = await signIdentity({
    configuration,
    keys,
    nextThumbprint: next.kid,
    certificatePem: tls.certificatePem,
    now,
  });
  const files: AgencyFile[] = [
    open(layout.configuration, json(configuration)),
    open(layout.entityConfiguration, `${entityConfiguration}\n`),
    open(layout.tlsCertificate, tls.certificatePem),
    open(layout.readme, readme(answers, keys.federation.kid)),
    ...Object.entries(keys).map(([purpose, key]) => secret(keyPath(purpose), json(key))),
    secret(layout.nextFederationKey, json(next)),
    secret(layout.tlsKey, tls.keyPem),
    secret(layout.kek, json(firstKek(now))),
    secret(layout.tokenKey, `${randomBytes(32).toString('base64url')}\n`),
    ...(answers.trial ? [secret(layout.localIssuerKey, json(localIssuer))] : []),
    ...(await given(answers.database_url_file, layout.databaseUrl)),
    ...(await given(answers.database_owner_url_file, layout.databaseOwnerUrl)),
  ];
  return { files, thumbprint: keys.federation.kid, nextThumbprint: next.kid };
}

/** Key-encryption keys: 256 bits each, the current one wraps what is new, the others still open what is old. */
function firstKek(now: number) {
  const id = randomBytes(8).toString('base64url');
  return { current: id, keys: [{ id, created_at: now, key: randomBytes(32).toString('base64url') }] };
}

async function given(file: string | undefined, path: string): Promise<AgencyFile[]> {
  return file === undefined ? [] : [secret(path, `${(await readText(file, 'database address')).trim()}\n`)];
}

const open = (path: string, text: string): AgencyFile => ({ path, text, secret: false });
const secret = (path: string, text: string): AgencyFile => ({ path, text, secret: true });
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function refuseUsed(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new CliError('already_there', `${folder} is not a folder`, 'Name another folder.', { folder });
  });
  if (found.length > 0) {
    throw new CliError(
      'already_there',
      `${folder} is in use: ${found.slice(0, 3).join(', ')}${found.length > 3 ? ', ...' : ''} is in it`,
      'Nothing was changed. Keys are never overwritten: name another folder, or move this one away first.',
      { folder },
    );
  }
}

async function writeWhole(folder: string, files: AgencyFile[]): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    for (const folder of privateFolders) await mkdir(join(draft, folder), { mode: 0o700 });
    for (const file of files) await writeAgencyFile(draft, file);
    await chmod(draft, 0o755);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function writeAgencyFile(folder: string, { path, text, secret }: AgencyFile): Promise<void> {
  await writeFile(join(folder, path), text, { mode: secret ? 0o600 : 0o644, flag: 'wx' });
}
