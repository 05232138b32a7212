import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { AuditorError } from './error.js';
import { httpSource } from './http.js';
import { reconcileNodes } from './reconcile.js';
import { describeReconciliation, describeVerification } from './report.js';
import { type Progress, verifyNode } from './verify.js';

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

interface VerifyOptions {
  node: string;
  tokenFile: string;
  configuration: string;
  thumbprint?: string;
  json?: boolean;
}

interface ReconcileOptions {
  a: string;
  aTokenFile: string;
  b: string;
  bTokenFile: string;
  json?: boolean;
}

/** Exit codes: 0 all holds, 1 something was found, 2 the audit could not be carried out. */
export async function run(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  let code: 0 | 1 | 2 = 0;
  const program = new Command('entente-auditor')
    .description('Checks what a node says of itself, with the keys that others know it by')
    .exitOverride();
  program.configureOutput({ writeOut: terminal.out, writeErr: terminal.err });

  program
    .command('verify')
    .description('every entry, every signature, every feed of one node')
    .requiredOption('--node <url>', 'address of the audit API')
    .requiredOption('--token-file <file>', "file with the auditor's token")
    .requiredOption('--configuration <file>', "the node's entity configuration, received by another way than from the node")
    .option('--thumbprint <digest>', 'thumbprint of its federation key')
    .option('--json', 'the result as JSON')
    .action(async (options: VerifyOptions) => {
      const trust = {
        configuration: (await readInput(options.configuration)).trim(),
        ...(options.thumbprint === undefined ? {} : { thumbprint: options.thumbprint }),
      };
      const result = await verifyNode(await open(options.node, options.tokenFile), trust, progressOn(terminal));
      terminal.out(`${options.json ? JSON.stringify(result) : describeVerification(result)}\n`);
      code = result.verified ? 0 : 1;
    });

  program
    .command('reconcile')
    .description('what two nodes say of their exchange, entry by entry')
    .requiredOption('--a <url>', 'audit API of one node')
    .requiredOption('--a-token-file <file>', 'token of its auditor')
    .requiredOption('--b <url>', 'audit API of the other')
    .requiredOption('--b-token-file <file>', 'token of its auditor')
    .option('--json', 'the result as JSON')
    .action(async (options: ReconcileOptions) => {
      const result = await reconcileNodes(await open(options.a, options.aTokenFile), await open(options.b, options.bTokenFile));
      terminal.out(`${options.json ? JSON.stringify(result) : describeReconciliation(result)}\n`);
      code = result.ok ? 0 : 1;
    });

  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    const { exitCode } = error as { exitCode?: number };
    if (exitCode === undefined) terminal.err(`${error instanceof AuditorError ? error.message : (error as Error).stack}\n`);
    return exitCode === 0 ? 0 : 2; // 0: help was asked for
  }
}

async function open(url: string, tokenFile: string) {
  return httpSource(url, (await readInput(tokenFile)).trim());
}

async function readInput(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new AuditorError('bad_input', `${file} cannot be read: ${error.message}`);
  });
}

const progressEvery = 10_000;

function progressOn(terminal: Terminal): Progress {
  return (log, done, of) => {
    if (done % progressEvery === 0 || done === of) terminal.err(`${log}: ${done} of ${of} entries\n`);
  };
}
