import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ownVariables } from './command.js';
import { CliError } from './failure.js';

/** Programs of their own that the command line starts: they share no code with it. */
const programs = {
  node: new URL('../../../node/dist/program/main.js', import.meta.url),
  auditor: new URL('../../../auditor/dist/program/main.js', import.meta.url),
};

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a program of the project to its end and resolves to its exit code. Throws `not_built` when it is not there. */
export async function runProgram(name: keyof typeof programs, args: string[]): Promise<number> {
  const file = fileURLToPath(programs[name]);
  await access(file).catch(() => {
    throw new CliError('not_built', `the ${name} program is not built: ${file}`, 'Run `npm run build` in the project first.', { file });
  });
  return runToEnd([file, ...args], Object.fromEntries(ownVariables.map((name) => [name, undefined])));
}

/**
 * Runs Node with our own input and output, forwards the signals that we get, and resolves to its exit code.
 *
 * The child is a process group of its own: Ctrl-C on a terminal reaches the whole group of the foreground, so a child in ours would get
 * the signal twice, once from the terminal and once forwarded, and a node takes a second one as impatience.
 */
export async function runToEnd(args: string[], environment: Record<string, string | undefined> = {}): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', detached: true, env: { ...process.env, ...environment } });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of forwarded) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? signalExitCode(signal)));
    });
  } finally {
    for (const signal of forwarded) process.off(signal, forward);
  }
}

/** As a shell reports it: 128 + number, of which only the usual ones matter. */
function signalExitCode(signal: NodeJS.Signals | null): number {
  return { SIGHUP: 129, SIGINT: 130, SIGKILL: 137, SIGTERM: 143 }[signal as string] ?? 1;
}
