import { mkdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Binaries, findBinaries } from './binaries.js';
import { clusterMajor, dataFolder, ensureCluster, superuser } from './cluster.js';
import { PostgresError } from './error.js';
import { type Hold, hold } from './hold.js';
import { identityFor } from './identity.js';
import { readPidFile } from './pid-file.js';
import { choosePort } from './port.js';
import { type Identity, run } from './run.js';
import { passwordOf } from './secret.js';

export interface StartOptions {
  /** Belongs to the server alone: cluster, passwords, port, log file. Made if missing. */
  dir: string;
  log?: (line: string) => void;
}

export interface Server extends AsyncDisposable {
  /** Absolute path of the folder. */
  dir: string;
  port: number;
  /** Major version. */
  version: number;
  /** Whether this call started the process; false if one already ran in the folder. */
  ownsProcess: boolean;
  /** Connection string of the superuser to the database named. */
  url(database: string): string;
  /** Lets go of the server, and stops it if no other starter uses it. A second call does nothing. */
  stop(): Promise<void>;
}

interface Place {
  dir: string;
  binaries: Binaries;
  identity: Identity;
  password: string;
  log: (line: string) => void;
}

const patienceMs = 60_000;

/**
 * A PostgreSQL server in the folder, on 127.0.0.1: the one that runs there, else the one left there, else a new one. After a
 * `kill -9` of the starter the server goes on and is reused; after a `kill -9` of the server it recovers. Any number of
 * starters may call this at once and share one server.
 *
 * @throws PostgresError
 */
export async function startServer({ dir, log = () => undefined }: StartOptions): Promise<Server> {
  const place = await prepare(dir, log);
  const { session, port, started } = await attach(place);
  const url = (database: string) => urlOf(place, port, database);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= detach(place, session);
    return stopped;
  };
  return { dir: place.dir, port, version: place.binaries.major, ownsProcess: started, url, stop, [Symbol.asyncDispose]: stop };
}

async function prepare(path: string, log: (line: string) => void): Promise<Place> {
  await mkdir(dirname(resolve(path)), { recursive: true });
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const dir = await realpath(path);
  const binaries = await findBinaries(await clusterMajor(dir));
  const identity = await identityFor(dir, join(binaries.bin, 'postgres'));
  await ensureCluster(dir, binaries, identity);
  return { dir, binaries, identity, password: await passwordOf(dir, superuser), log };
}

interface Attached {
  session: Hold;
  port: number;
  started: boolean;
}

/** The process id proves nothing: a server is up when it answers. */
async function attach(place: Place): Promise<Attached> {
  const deadline = Date.now() + patienceMs;
  let started = false;
  let complaint = 'it does not answer';
  while (Date.now() < deadline) {
    const running = readPidFile(place.dir);
    if (running === undefined) {
      const outcome = await launch(place);
      started = outcome.ok;
      if (!outcome.ok) complaint = outcome.output;
    } else {
      const session = running.port > 0 ? await hold(urlOf(place, running.port, 'postgres'), dataFolder(place.dir)) : undefined;
      if (session !== undefined) {
        place.log(
          `PostgreSQL ${place.binaries.major} (${place.binaries.source}) ${started ? 'started' : 'found running'} on port ${running.port}`,
        );
        return { session, port: running.port, started };
      }
    }
    await pause(50);
  }
  throw new PostgresError('start_failed', `PostgreSQL did not start in ${place.dir}: ${complaint}\n${await lastWords(place)}`);
}

/** Of several starters one succeeds; the others find its server. */
async function launch(place: Place) {
  const port = await choosePort(place.dir);
  const args = ['start', '-w', '-s', '-t', '30', '-D', dataFolder(place.dir), '-l', logFile(place), '-o', `-p ${port}`];
  return run(place.identity, join(place.binaries.bin, 'pg_ctl'), args);
}

async function detach(place: Place, session: Hold): Promise<void> {
  const last = await session.release().catch(() => afterCrash(place));
  if (last) {
    const outcome = await run(place.identity, join(place.binaries.bin, 'pg_ctl'), [
      'stop',
      '-w',
      '-s',
      '-m',
      'fast',
      '-D',
      dataFolder(place.dir),
    ]);
    if (!outcome.ok && readPidFile(place.dir) !== undefined)
      throw new PostgresError('stop_failed', `PostgreSQL did not stop: ${outcome.output}`);
    place.log('PostgreSQL stopped');
  }
  await session.close();
}

/** Our session died with its server. Another starter may have recovered the folder since: then it is theirs. */
async function afterCrash(place: Place): Promise<boolean> {
  const running = readPidFile(place.dir);
  if (running === undefined) return false;
  const session = await hold(urlOf(place, running.port, 'postgres'), dataFolder(place.dir));
  const last = (await session?.release()) ?? false;
  await session?.close();
  return last;
}

function urlOf({ password }: Place, port: number, database: string): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

function logFile({ dir }: Place): string {
  return join(dir, 'postgres.log');
}

async function lastWords(place: Place): Promise<string> {
  const text = await readFile(logFile(place), 'utf8').catch(() => '');
  return text.split('\n').slice(-12).join('\n');
}
