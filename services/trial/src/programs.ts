/** The programs of this workspace that a trial runs as processes, never as imports: the trial uses them as an agency does. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const programs = {
  node: fileURLToPath(new URL('../../../node/dist/program/main.js', import.meta.url)),
  cli: fileURLToPath(new URL('../../../cli/dist/program/main.js', import.meta.url)),
  auditor: fileURLToPath(new URL('../../../auditor/dist/program/main.js', import.meta.url)),
} as const;

export class ProgramFailed extends Error {
  constructor(
    readonly program: string,
    readonly exitCode: number | null,
    readonly output: string,
  ) {
    super(`${program} ended with ${exitCode}: ${output.trim().split('\n').slice(-6).join('\n')}`);
  }
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs one to its end. Throws ProgramFailed unless it exits with one of `accept`. */
export async function runProgram(
  program: string,
  args: string[],
  options: { accept?: number[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, stderr] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()];
  if (code === null || !(options.accept ?? [0]).includes(code))
    throw new ProgramFailed(`${program.split('/').at(-4)} ${args[0]}`, code, stderr + stdout);
  return { code, stdout, stderr };
}
