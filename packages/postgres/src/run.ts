import { execFile } from 'node:child_process';

/** How a program is run without root: words before the command, or a user id that the kernel sets. */
export interface Identity {
  /** Who must own the folder, seen from outside. */
  uid: number;
  gid: number;
  prefix: string[];
  /** Node itself changes the user id of the child. */
  setuid?: boolean;
}

export interface Outcome {
  ok: boolean;
  output: string;
}

/** Runs a command to its end and never throws. Nothing of our environment but the paths gets through: PG* and LC_* variables would change what the server does. */
export function run(identity: Identity, command: string, args: string[]): Promise<Outcome> {
  const [program, ...rest] = [...identity.prefix, command, ...args];
  const { PATH, LD_LIBRARY_PATH, DYLD_LIBRARY_PATH, TMPDIR } = process.env;
  const options = {
    env: { PATH, LD_LIBRARY_PATH, DYLD_LIBRARY_PATH, TMPDIR, LC_ALL: 'C' },
    cwd: '/',
    ...(identity.setuid ? { uid: identity.uid, gid: identity.gid } : {}),
  };
  return new Promise((resolve) => {
    execFile(program!, rest, options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      resolve({
        ok: error === null,
        output: output === '' && error !== null ? `${program} ended with ${error.code ?? error.signal}` : output,
      });
    });
  });
}
