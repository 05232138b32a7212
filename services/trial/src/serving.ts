/** An agency's node as an operating-system process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Agency } from './agency.js';
import { programs } from './programs.js';

export interface Serving {
  pid: number;
  /** Resolves when the node answers `/readyz`. Throws with its last words if it ends before. */
  ready(): Promise<void>;
  /** The code or signal with which the process ended, once it has. */
  ended: Promise<number | NodeJS.Signals>;
  /** SIGTERM, and waits for the orderly end. */
  stop(): Promise<void>;
  /** SIGKILL, and waits. */
  kill(): Promise<void>;
  /** What it wrote to its log file. */
  log(): Promise<string>;
}

/** Of a machine that is busy with other things; a node alone takes two seconds. */
const PATIENCE_MS = 90_000;

/** `config` names another file of the agency's folder: a second process of the same node has addresses of its own. */
export function serve(agency: Agency, { env, config = 'entente.json' }: { env?: NodeJS.ProcessEnv; config?: string } = {}): Serving {
  const logFile = join(agency.folder, 'node.log');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [programs.node, 'serve', '--migrate', '--config', join(agency.folder, config)], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
  });
  closeSync(log);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code ?? 0)));
  const signal = async (name: NodeJS.Signals) => {
    child.kill(name);
    await ended;
  };
  return {
    pid: child.pid as number,
    ended,
    ready: () => answering(agency, child, logFile),
    stop: () => signal('SIGTERM'),
    kill: () => signal('SIGKILL'),
    log: () => readFile(logFile, 'utf8'),
  };
}

async function answering(agency: Agency, child: ChildProcess, logFile: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(50)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const up = await fetch(`${agency.url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return;
  }
  const words = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-5).join('\n');
  throw new Error(`the node of ${agency.title} did not come up; its last words:\n${words}`);
}
