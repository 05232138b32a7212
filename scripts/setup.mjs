// Makes a fresh clone ready to run: libraries installed, sources compiled. Needs nothing but Node.
// Every word goes to standard error; standard output belongs to the program that follows.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @param {{ check: boolean }} options `check`: whether types are checked while compiling; twice as slow on a fresh clone
 * @throws {SetUpError}
 */
export function setUp({ check }) {
  checkMachine();
  install();
  build(check);
}

function checkMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetUpError(
      `Entente needs Node 20.19 or newer; this is ${process.version}. Install a newer one from https://nodejs.org and start again.`,
    );
  }
  if (process.platform === 'win32')
    throw new SetUpError('Entente runs on Linux and macOS. On Windows, use the Windows Subsystem for Linux.');
}

function install() {
  const stamp = join(root, 'node_modules', '.entente-installed');
  const wanted = fingerprint();
  if (isInstalled(stamp, wanted)) return;
  // Development libraries are needed also where NODE_ENV says production: the sources are compiled here.
  step('Installing the libraries (once, about a minute)', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

function isInstalled(stamp, wanted) {
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === wanted;
  // Installed by hand: npm writes its own record last.
  const record = join(root, 'node_modules', '.package-lock.json');
  return existsSync(record) && statSync(record).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** Of the libraries wanted, and of the machine they are for: a folder copied from another system is installed again. */
function fingerprint() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
}

function build(check) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  step('Compiling', process.execPath, [tsc, '-b', ...(check ? [] : ['--noCheck'])]);
  step('Bundling the programs', process.execPath, [join(root, 'scripts', 'bundle.mjs')]);
}

function step(words, command, args) {
  const begin = Date.now();
  process.stderr.write(`${words} ... `);
  const { status, stdout, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  if (status === 0) {
    process.stderr.write(`${((Date.now() - begin) / 1000).toFixed(1)} s\n`);
    return;
  }
  process.stderr.write(`\n${stdout ?? ''}`);
  throw new SetUpError(error === undefined ? `That failed: ${command} ${args.join(' ')}` : `${command} could not be run: ${error.message}`);
}

/** Why this machine or clone cannot be made ready, in words for people. */
export class SetUpError extends Error {}
