import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { localIssuerName } from './agency/configuration.js';
import { layout } from './agency/layout.js';
import { CliError } from './failure.js';
import { parseJson, readText } from './files.js';

/** What the command line reads of a node's configuration; the node itself checks the whole of it. File names are absolute here. */
export interface Configuration {
  file: string;
  entityId: string;
  /** Address of the agency listener. */
  agencyUrl: string;
  /** Where partners dial the node. */
  publicUrl: string;
  keysFolder: string;
  entityConfigurationFile: string;
  localIssuer: { keyFile: string; issuer: string; audience: string } | undefined;
}

/** `--config`, else ENTENTE_CONFIG, else entente.json in the current folder. */
export function configurationPath(option: string | undefined): string {
  return resolve(option ?? process.env.ENTENTE_CONFIG ?? layout.configuration);
}

/** As configurationPath; throws `file_missing` when there is none. For commands that hand the file on unread. */
export async function existingConfiguration(option: string | undefined): Promise<string> {
  const file = configurationPath(option);
  await access(file).catch(() => {
    throw missing(file);
  });
  return file;
}

export async function readConfiguration(option: string | undefined): Promise<Configuration> {
  const file = await existingConfiguration(option);
  const read = reader(parseJson(await readText(file, 'configuration'), file, 'configuration'), file);
  const path = (member: string[]) => resolve(dirname(file), read.text(member));
  const entityId = read.text(['entity_id']);
  return {
    file,
    entityId,
    agencyUrl: agencyUrl(read.text(['agency', 'host'], '127.0.0.1'), read.port(['agency', 'port'], 8080), read.has(['agency', 'tls'])),
    keysFolder: path(['keys', 'folder']),
    entityConfigurationFile: path(['entity_configuration_file']),
    publicUrl: read.text(['federation', 'public_url']),
    localIssuer: read.has(['local_issuer'])
      ? {
          keyFile: path(['local_issuer', 'key_file']),
          issuer: read.text(['local_issuer', 'issuer'], localIssuerName),
          audience: read.text(['local_issuer', 'audience'], entityId),
        }
      : undefined,
  };
}

function missing(file: string): CliError {
  return new CliError(
    'file_missing',
    `there is no configuration at ${file}`,
    'Name it with --config FILE or in ENTENTE_CONFIG, or make a new agency with `entente init FOLDER`.',
    { file },
  );
}

/** A listener on all addresses is reached on the loopback one. */
function agencyUrl(host: string, port: number, tls: boolean): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${tls ? 'https' : 'http'}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Members by their path; as for the node, an environment variable (ENTENTE_AGENCY_PORT) wins over the file. */
function reader(members: unknown, file: string) {
  const inFile = (path: string[]): unknown =>
    path.reduce<unknown>(
      (value, member) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[member] : undefined),
      members,
    );
  const find = (path: string[]): unknown => process.env[`ENTENTE_${path.join('_').toUpperCase()}`] ?? inFile(path);
  const refuse = (path: string[], form: string) =>
    new CliError('file_invalid', `${path.join('.')} in ${file} should be ${form}`, 'Run `entente config check` for the whole list.', {
      file,
    });
  return {
    has: (path: string[]): boolean => inFile(path) !== undefined,
    text(path: string[], fallback?: string): string {
      const value = find(path) ?? fallback;
      if (typeof value !== 'string' || value === '') throw refuse(path, 'text');
      return value;
    },
    port(path: string[], fallback: number): number {
      const value = Number(find(path) ?? fallback);
      if (!Number.isInteger(value) || value < 1 || value > 65535) throw refuse(path, 'a port number');
      return value;
    },
  };
}
