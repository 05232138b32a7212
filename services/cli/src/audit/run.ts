import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../child-program.js';
import type { Act } from '../command.js';
import { readConfiguration } from '../configuration-file.js';
import { readText } from '../files.js';
import { access, type ConnectionOptions } from '../node-connection.js';

type AuditOptions = ConnectionOptions & { json?: boolean };

/** `entente audit verify`. */
export const verifyNode: Act<AuditOptions & { configuration?: string; thumbprint?: string }> = async (options) => {
  const configuration = options.configuration ?? (await readConfiguration(options.config)).entityConfigurationFile;
  await readText(configuration, 'entity configuration');
  const trust = ['--configuration', configuration, ...(options.thumbprint === undefined ? [] : ['--thumbprint', options.thumbprint])];
  return asAuditor(options, (url, tokenFile) => ['verify', '--node', url, '--token-file', tokenFile, ...trust]);
};

/** `entente audit reconcile`. */
export const reconcileNodes: Act<AuditOptions & { peerUrl: string; peerTokenFile: string }> = async (options) => {
  await readText(options.peerTokenFile, "token of the partner's auditor");
  const peer = ['--b', options.peerUrl, '--b-token-file', options.peerTokenFile];
  return asAuditor(options, (url, tokenFile) => ['reconcile', '--a', url, '--a-token-file', tokenFile, ...peer]);
};

/**
 * The auditor prints what it finds itself, and its exit codes are ours. A token is a secret: neither the arguments nor the environment of a
 * process carry it, both of which others may see, but a file that only its owner reads, and not for longer than the audit.
 */
async function asAuditor(options: AuditOptions, argumentsFor: (url: string, tokenFile: string) => string[]) {
  const { url, token } = await access(options, 'AUDITOR');
  const folder = await mkdtemp(join(tmpdir(), 'entente-audit-'));
  try {
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, token, { mode: 0o600 });
    return { exitCode: await runProgram('auditor', [...argumentsFor(url, tokenFile), ...(options.json ? ['--json'] : [])]) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
