import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AuditorError } from '../error.js';
import { httpSource } from '../http.js';
import type { Trust } from '../identity.js';
import type { AuditSource } from '../source.js';
import type { Terminal } from '../terminal.js';

/** 0 all holds, 1 something was found, 2 the audit could not be carried out. */
export type ExitCode = 0 | 1 | 2;
/** Adds a command; what it resolves to becomes the exit code of the program. */
export type Register = (program: Command, terminal: Terminal, ended: (code: ExitCode) => void) => void;

export interface NodeOptions {
  node: string;
  tokenFile: string;
}

export interface TrustOptions {
  configuration: string;
  thumbprint?: string;
}

export const nodeOptions = (command: Command): Command =>
  command.requiredOption('--node <url>', 'address of the audit API').requiredOption('--token-file <file>', "file with the auditor's token");

export const trustOptions = (command: Command): Command =>
  command
    .requiredOption('--configuration <file>', "the node's entity configuration, received by another way than from the node")
    .option('--thumbprint <digest>', 'thumbprint of its federation key');

export async function openNode({ node, tokenFile }: NodeOptions): Promise<AuditSource> {
  return httpSource(node, (await readInput(tokenFile)).trim());
}

export async function readTrust({ configuration, thumbprint }: TrustOptions): Promise<Trust> {
  return { configuration: (await readInput(configuration)).trim(), ...(thumbprint === undefined ? {} : { thumbprint }) };
}

export async function readInput(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new AuditorError('bad_input', `${file} cannot be read: ${error.message}`);
  });
}
