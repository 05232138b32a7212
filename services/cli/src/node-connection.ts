import { createClient, type NodeClient } from '@entente/client';
import { type Configuration, readConfiguration } from './configuration-file.js';
import { CliError } from './failure.js';
import { readText } from './files.js';
import { makeLocalToken } from './local-token.js';
import { explainRefusals } from './refusal.js';
import type { Role } from './roles.js';

export interface ConnectionOptions {
  config?: string;
  url?: string;
  tokenFile?: string;
}

/** Seconds for which a token that this program makes for its own call holds: longer than a long import, shorter than a day's work. */
const ownTokenLifetime = 3600;

/** A client of this agency's own node, with the token that was given or one of the local issuer in `role`. */
export async function connect(options: ConnectionOptions, role: Role): Promise<NodeClient> {
  const { url, token } = await access(options, role);
  return explainRefusals(createClient({ baseUrl: url, token }));
}

export async function access(options: ConnectionOptions, role: Role): Promise<{ url: string; token: string }> {
  const token = options.tokenFile === undefined ? undefined : (await readText(options.tokenFile, 'token')).trim();
  if (options.url !== undefined && token !== undefined) return { url: options.url, token };
  const configuration = await readConfiguration(options.config);
  return { url: options.url ?? configuration.agencyUrl, token: token ?? (await ownToken(configuration, role)) };
}

async function ownToken(configuration: Configuration, role: Role): Promise<string> {
  if (!configuration.localIssuer) {
    throw new CliError(
      'no_token',
      'the node wants to know who asks',
      `Put a token of your agency's issuer with the role ${role} into a file and name it with --token-file FILE or in ENTENTE_TOKEN_FILE.`,
    );
  }
  const request = { roles: [role], name: `cli-${role.toLowerCase()}`, lifetimeSeconds: ownTokenLifetime };
  return (await makeLocalToken(configuration, request, Math.floor(Date.now() / 1000))).token;
}
