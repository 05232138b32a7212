import { Command } from 'commander';
import type { ExitCode, Register } from './commands/options.js';
import { registerPackage } from './commands/package.js';
import { registerProve } from './commands/prove.js';
import { registerReconcile } from './commands/reconcile.js';
import { registerReport } from './commands/report.js';
import { registerVerify } from './commands/verify.js';
import { registerWatch } from './commands/watch.js';
import { AuditorError } from './error.js';
import type { Terminal } from './terminal.js';

const commands: readonly Register[] = [registerVerify, registerReconcile, registerProve, registerPackage, registerReport, registerWatch];

/** Exit codes: 0 all holds, 1 something was found, 2 the audit could not be carried out. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = new Command('entente-auditor')
    .description('Checks what a node says of itself, with the keys that others know it by')
    .exitOverride();
  program.configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  for (const register of commands) {
    register(program, terminal, (ended) => {
      code = ended;
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    const { exitCode } = error as { exitCode?: number };
    if (exitCode === undefined) terminal.err(`${error instanceof AuditorError ? error.message : (error as Error).stack}\n`);
    return exitCode === 0 ? 0 : 2; // 0: help was asked for
  }
}
