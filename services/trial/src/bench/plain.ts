/** Starts and stops the process of the plain comparison. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Plain extends AsyncDisposable {
  /** Stores what is posted to `/alerts`. */
  url: string;
  /** Answers at once, over TLS 1.3. */
  bareUrl: string;
}

const program = fileURLToPath(new URL('./plain-route.js', import.meta.url));

export async function startPlain(options: {
  databaseUrlFile: string;
  keyFile: string;
  certificateFile: string;
  connections: number;
}): Promise<Plain> {
  const { databaseUrlFile, keyFile, certificateFile, connections } = options;
  const child = spawn(process.execPath, [program, databaseUrlFile, keyFile, certificateFile, String(connections)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) => text as string);
  const first = await Promise.race([line, ended.then(() => undefined)]);
  if (first === undefined) throw new Error('the plain comparison did not come up');
  const { http, https } = JSON.parse(first) as { http: number; https: number };
  return {
    url: `http://127.0.0.1:${http}`,
    bareUrl: `https://127.0.0.1:${https}`,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
