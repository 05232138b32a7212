import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './cluster.js';

export interface Running {
  port: number;
}

/** No system hands out a process id this high. */
const nobodysPid = 2147483647;

/**
 * Reads the server's `postmaster.pid`: the server that runs in this folder, or nothing.
 *
 * A file left by a dead server normally bothers nobody: the next server removes it. But it takes any process under that id for a
 * server, also a zombie, or a stranger that got the id after a reboot. For these the id in the file is replaced by one that cannot
 * exist. The rest of the file stays: by it the server finds out whether orphans of its predecessor still use the shared memory.
 *
 * Safe with several starters at once: what is written goes to the very file that was read, never to one that a new server has
 * put in its place.
 */
export function readPidFile(dir: string): Running | undefined {
  let file: number;
  try {
    file = openSync(join(dataFolder(dir), 'postmaster.pid'), 'r+');
  } catch {
    return undefined;
  }
  try {
    const content = readFileSync(file, 'utf8');
    const [pid, , , port] = content.split('\n');
    if (servesFolder(Number(pid), dataFolder(dir))) return { port: Number(port ?? 0) };
    if (Number(pid) > 0 && Number(pid) !== nobodysPid) writeSync(file, content.replace(/^\d+/, String(nobodysPid)), 0);
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** Whether the process lives, is no zombie, and was started for this folder. */
function servesFolder(pid: number, data: string): boolean {
  if (!(pid > 0)) return false;
  try {
    if (process.platform !== 'linux') {
      const [state = '', ...command] = execFileSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], { encoding: 'utf8' })
        .trim()
        .split(/\s+/);
      return !state.startsWith('Z') && command.join(' ').includes(data);
    }
    // The command line of a zombie is empty.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data);
  } catch {
    return false;
  }
}
