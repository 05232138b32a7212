import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../child-program.js';
import type { Act } from '../command.js';
import { readConfiguration } from '../configuration-file.js';
import { readText } from '../files.js';
import { access, type ConnectionOptions } from '../node-connection.js';

type AuditOptions = ConnectionOptions & { json?: boolean };

interface TrustOptions {
  configuration?: string;
  thumbprint?: string;
}

/** `entente audit verify [FILE]`. A file needs no node and no token. */
export const verify: Act<AuditOptions & TrustOptions & { state?: string; witness?: string[] }> = async (options, [file]) => {
  const trust = await trusted(options);
  const witnesses = (options.witness ?? []).flatMap((one) => ['--witness', one]);
  if (file !== undefined) return { exitCode: await runProgram('auditor', ['verify', file, ...trust, ...witnesses, ...json(options)]) };
  const state = options.state === undefined ? [] : ['--state', options.state];
  return asAuditor(options, (url, tokenFile) => ['verify', '--node', url, '--token-file', tokenFile, ...trust, ...state]);
};

/** `entente audit prove`. */
export const proveStatement: Act<AuditOptions & { out: string; presentation?: string }> = async (options, [digest]) => {
  const shown = options.presentation === undefined ? [] : ['--presentation', options.presentation];
  const node = { ...options, json: false };
  return asAuditor(node, (url, tokenFile) => ['prove', digest!, '--node', url, '--token-file', tokenFile, '--out', options.out, ...shown]);
};

/** `entente audit package`. */
export const packageProof: Act<AuditOptions & TrustOptions & { out: string }> = async (options, [file]) => ({
  exitCode: await runProgram('auditor', ['package', file!, ...(await trusted(options)), '--out', options.out, ...json(options)]),
});

/** `entente audit report`. */
export const report: Act<AuditOptions & TrustOptions & { key: string; out: string }> = async (options) => {
  const trust = await trusted(options);
  const files = ['--key', options.key, '--out', options.out];
  return asAuditor(options, (url, tokenFile) => ['report', '--node', url, '--token-file', tokenFile, ...trust, ...files]);
};

/** `entente audit watch`. */
export const watch: Act<AuditOptions & TrustOptions & { state: string; every: string; once?: boolean }> = async (options) => {
  const trust = await trusted(options);
  const how = ['--state', options.state, '--every', options.every, ...(options.once ? ['--once'] : [])];
  return asAuditor({ ...options, json: false }, (url, tokenFile) => ['watch', '--node', url, '--token-file', tokenFile, ...trust, ...how]);
};

/** `entente audit key`. */
export const makeKey: Act<{ out: string; json?: boolean }> = async (options) => ({
  exitCode: await runProgram('auditor', ['key', '--out', options.out, ...json(options)]),
});

async function trusted(options: AuditOptions & TrustOptions): Promise<string[]> {
  const configuration = options.configuration ?? (await readConfiguration(options.config)).entityConfigurationFile;
  await readText(configuration, 'entity configuration');
  return ['--configuration', configuration, ...(options.thumbprint === undefined ? [] : ['--thumbprint', options.thumbprint])];
}

const json = (options: { json?: boolean }): string[] => (options.json ? ['--json'] : []);

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
    return { exitCode: await runProgram('auditor', [...argumentsFor(url, tokenFile), ...json(options)]) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
