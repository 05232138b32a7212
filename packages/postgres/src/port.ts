import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** The port that the folder used last, while it is free; else a free one, which is kept from now on. */
export async function choosePort(dir: string): Promise<number> {
  const file = join(dir, 'port');
  const kept = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (kept > 0 && (await listenOnce(kept)) === kept) return kept;
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('no free port on 127.0.0.1');
  await writeFile(`${file}.${process.pid}`, String(port));
  await rename(`${file}.${process.pid}`, file);
  return port;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
