/** A database that can write no more. */
import { execFile, spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { postmaster } from './postmaster.js';
import { DOWN_MS, type Fault, type Storm } from './storm.js';

const run = promisify(execFile);

/** No file grows beyond it: neither tables nor the write-ahead log, whose files are larger. Bytes. */
const FULL = 1024 * 1024;

/** By a limit on the size of files, which Linux sets upon processes that run. */
export function storage({ federation, toll, recover }: Storm): Fault[] {
  const isPossible = spawnSync('prlimit', ['--version']).status === 0;
  return [
    {
      name: 'storage exhausted',
      ...(!isPossible && { impossible: 'there is no prlimit on this machine' }),
      strike: async () => {
        await limit(await family(await postmaster(federation.postgres.dir)), String(FULL));
        await pause(3 * DOWN_MS);
        // A server that could not even recover has ended.
        const pid = await postmaster(federation.postgres.dir).catch(() => undefined);
        if (pid !== undefined) await limit(await family(pid), 'unlimited');
        await recover();
        toll.full += 1;
        return 'the database of all could write nothing for a while';
      },
    },
  ];
}

/** The soft limit only: it can be taken back. One that ends meanwhile needs no limit. */
async function limit(pids: number[], bytes: string): Promise<void> {
  for (const pid of pids) await run('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]).catch(() => undefined);
}

/** The process and its children, from /proc: `comm` may hold spaces, the parent stands second after it. */
async function family(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }),
  );
  return [parent, ...pids.filter((_, i) => parents[i] === parent)];
}
