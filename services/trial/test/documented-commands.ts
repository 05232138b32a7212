/**
 * Runs what a page of the documentation tells people to type, in the order in which it stands there.
 *
 * The word after the three backticks says what is done with a block: `sh` is run and must succeed; `sh fails` is run and must not;
 * `sh background` is started and left until the page ends, for programs that stay. Blocks of any other language are only shown. All blocks
 * of a page share one folder, and `entente` is this program.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';

export interface DocumentedBlock {
  /** Of the page, from 1. */
  line: number;
  script: string;
  how: 'succeeds' | 'fails' | 'background';
}

const howOf: Record<string, DocumentedBlock['how']> = { sh: 'succeeds', 'sh fails': 'fails', 'sh background': 'background' };

export function documentedBlocks(markdown: string): DocumentedBlock[] {
  const blocks: DocumentedBlock[] = [];
  let open: { info: string; line: number; lines: string[] } | undefined;
  for (const [at, text] of markdown.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(text)?.[1];
    if (fence === undefined) open?.lines.push(text);
    else if (open) {
      const how = howOf[open.info];
      if (how) blocks.push({ line: open.line, script: open.lines.join('\n'), how });
      open = undefined;
    } else open = { info: fence.trim(), line: at + 2, lines: [] };
  }
  return blocks;
}

export interface Page {
  /** Below the project's folder, e.g. `docs/operating.md`. */
  file: string;
  /** Where the commands are given: what they need must lie there. */
  folder: string;
  env?: NodeJS.ProcessEnv;
  /** Resolves when what was started in the background serves. */
  ready?: (block: DocumentedBlock) => Promise<unknown>;
}

const project = fileURLToPath(new URL('../../../../', import.meta.url));

/** One subtest per block, named by its place; the output of a block that disappoints is shown. */
export async function runDocumented(t: Test, { file, folder, env = {}, ready }: Page): Promise<void> {
  const bin = join(folder, '.bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'entente'), `#!/bin/sh\nexec "${process.execPath}" "${project}services/cli/bin/entente.js" "$@"\n`);
  await chmod(join(bin, 'entente'), 0o755);
  const started: ChildProcess[] = [];
  t.teardown(() => Promise.all(started.map(stop)));
  for (const block of documentedBlocks(await readFile(join(project, file), 'utf8'))) {
    const [first = ''] = block.script.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    await t.test(`${file}:${block.line} ${first}`, async (t) => {
      const shell = spawn('sh', ['-eu', '-c', block.how === 'background' ? `exec ${block.script.trim()}` : block.script], {
        cwd: folder,
        env: { ...process.env, ...env, PATH: `${bin}:${process.env.PATH}` },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said: Buffer[] = [];
      for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
      if (block.how === 'background') {
        started.push(shell);
        await Promise.race([ready?.(block), once(shell, 'exit')]);
        t.equal(shell.exitCode, null, Buffer.concat(said).toString());
        return;
      }
      const [code] = (await once(shell, 'close')) as [number];
      t.equal(code === 0, block.how === 'succeeds', `it ends with ${code}:\n${Buffer.concat(said)}`);
    });
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
