import { randomBytes } from 'node:crypto';
import { appendFile, copyFile, lchown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { PostgresError } from './error.js';
import { type Identity, run } from './run.js';
import { passwordFile, passwordOf } from './secret.js';

/** The only role that is not made by us. */
export const superuser = 'postgres';

/** Settings of every start. Durable by all means; the log file never shows the text or the values of a statement. */
const settings = {
  listen_addresses: '127.0.0.1',
  // The path of a socket may have 107 characters only; folders of checkouts are longer.
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_statement: 'none',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  jit: 'off',
};

export function dataFolder(dir: string): string {
  return join(dir, 'data');
}

/** Major version of the cluster in the folder, if there is one. */
export async function clusterMajor(dir: string): Promise<number | undefined> {
  const version = await readFile(join(dataFolder(dir), 'PG_VERSION'), 'utf8').catch(() => undefined);
  return version === undefined ? undefined : Number.parseInt(version, 10);
}

/** Makes the cluster if there is none. It appears under its name only when complete, and the first of several makers wins. */
export async function ensureCluster(dir: string, binaries: Binaries, identity: Identity): Promise<void> {
  await clearAbandoned(dir);
  if ((await clusterMajor(dir)) === undefined) await initialise(dir, binaries, identity);
  await writeSettings(dir, identity);
}

async function initialise(dir: string, binaries: Binaries, identity: Identity): Promise<void> {
  const draft = join(dir, `initdb-${process.pid}-${randomBytes(4).toString('hex')}`);
  await passwordOf(dir, superuser);
  const pwfile = `${draft}.password`;
  await copyFile(passwordFile(dir, superuser), pwfile);
  await own(pwfile, identity);
  const base = ['-D', draft, '-U', superuser, '-A', 'scram-sha-256', '--pwfile', pwfile, '-E', 'UTF8', '--data-checksums'];
  let outcome = { ok: false, output: '' };
  for (const locale of locales(binaries.major)) {
    outcome = await run(identity, join(binaries.bin, 'initdb'), [...base, ...locale]);
    if (outcome.ok) break;
  }
  await rm(pwfile);
  if (!outcome.ok) throw new PostgresError('initdb_failed', `initdb could not make a database in ${dir}: ${outcome.output}`);
  await appendFile(join(draft, 'postgresql.conf'), "\ninclude = 'entente.conf'\n");
  await writeFile(join(draft, 'entente.conf'), '');
  await rename(draft, dataFolder(dir)).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/** UTF-8 order by code point on every system. Before version 17 that is a locale of the system, which may be missing. */
function locales(major: number): string[][] {
  if (major >= 17) return [['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']];
  return [['--locale=C.UTF-8'], ['--locale=C']];
}

async function writeSettings(dir: string, identity: Identity): Promise<void> {
  const file = join(dataFolder(dir), 'entente.conf');
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  await writeFile(draft, lines.join(''), { mode: 0o600 });
  await own(draft, identity);
  await rename(draft, file);
}

async function own(path: string, { uid, gid }: Identity): Promise<void> {
  if (process.getuid!() === 0) await lchown(path, uid, gid);
}

/** What makers left behind that no longer live. */
async function clearAbandoned(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const maker = /^initdb-(\d+)-/.exec(name)?.[1];
    if (maker !== undefined && !lives(Number(maker))) await rm(join(dir, name), { recursive: true, force: true });
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
