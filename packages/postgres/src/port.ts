import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Below the ports that Linux and macOS give to connections going out: those come and go by the hundred while nodes run. */
const [FROM, BELOW] = [20_000, 32_768];
/** Processes that look at the same time look in different places, for a port is free until whoever was given it listens. */
const BLOCK = 128;
let next = FROM + (process.pid % Math.floor((BELOW - FROM) / BLOCK)) * BLOCK;

/** The port that the folder used last, while it is free; else a free one, which is kept from now on. */
export async function choosePort(dir: string): Promise<number> {
  const file = join(dir, 'port');
  const kept = Number(await readFile(file, 'utf8').catch(() => '0'));
  const server = kept > 0 ? await listen(kept) : undefined;
  if (server) return await portOf(server);
  const [port] = await freePorts(1);
  await writeFile(`${file}.${process.pid}`, String(port));
  await rename(`${file}.${process.pid}`, file);
  return port!;
}

/**
 * Free TCP ports on loopback, no two the same. Another program may still take one before it is used: whoever listens on it must say so.
 * @throws Error when there are none
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  for (let tried = 0; servers.length < count && tried < BELOW - FROM; tried += 1) {
    const port = next;
    next = port + 1 < BELOW ? port + 1 : FROM;
    const server = await listen(port);
    if (server) servers.push(server);
  }
  const ports = await Promise.all(servers.map(portOf));
  if (ports.length < count) throw new Error(`no ${count} free ports on 127.0.0.1 between ${FROM} and ${BELOW}`);
  return ports;
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port }, () => resolve(server));
  });
}

function portOf(server: Server): Promise<number> {
  const { port } = server.address() as { port: number };
  return new Promise((resolve) => server.close(() => resolve(port)));
}
