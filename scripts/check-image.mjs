// What the Dockerfile does, in plain folders where no container engine runs: builds from the files that the build would see, then starts
// what it made: migration, node, health check, command line, orderly end. The database is a real PostgreSQL of @entente/postgres.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase, startServer } from '../packages/postgres/dist/src/index.js';
import { buildInFolders, contextFilter } from './docker/dockerfile.mjs';
import { root } from './setup.mjs';

const work = mkdtempSync(join(tmpdir(), 'entente-image-'));
try {
  const image = build();
  holdsNothingBut(image.folder);
  await runs(image);
  console.log('The steps of the image run, and what they make serves.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function build() {
  const context = join(work, 'context');
  const seen = contextFilter(readFileSync(join(root, '.dockerignore'), 'utf8'));
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  for (const file of stdout.split('\0').filter((path) => path !== '' && seen(path) && existsSync(join(root, path)))) {
    mkdirSync(dirname(join(context, file)), { recursive: true });
    copyFileSync(join(root, file), join(context, file));
  }
  return buildInFolders({ text: readFileSync(join(root, 'Dockerfile'), 'utf8'), context, work, say: (line) => console.log(line) });
}

/** No libraries beside the bundles, no test programs, nothing that is secret. */
function holdsNothingBut(folder) {
  const stray = readdirSync(folder, { recursive: true }).filter((path) =>
    /(node_modules|\.test\.|\.d\.ts$|\.key\.pem$|secrets|\.git\/)/.test(path),
  );
  if (stray.length > 0) throw new Error(`the image holds ${stray.slice(0, 5).join(', ')}`);
}

async function runs(image) {
  const postgres = await startServer({ dir: join(work, 'postgres') });
  try {
    const folder = join(work, 'agency');
    const configuration = await makeAgency(image, folder, postgres);
    const environment = { ...image.environment, NODE_ENV: 'trial', PATH: process.env.PATH, ENTENTE_CONFIG: configuration };
    const entente = (...args) => call([...image.entrypoint, ...args], image.folder, environment);
    entente('config', 'check');
    entente('migrate');
    await serves(image, environment, entente);
  } finally {
    await postgres.stop();
  }
}

async function makeAgency(image, folder, postgres) {
  const urls = await createDatabase(postgres, { name: 'image', owner: 'image_owner', application: 'image_node' });
  const [agency, federation] = await freePorts(2);
  for (const [name, url] of Object.entries(urls)) writeFileSync(join(work, name), url, { mode: 0o600 });
  const given = {
    'entity-id': 'https://nl-cus.example',
    name: 'Customs (demo)',
    country: 'NL',
    'agency-type': 'CUS',
    'federation-port': federation,
    'agency-port': agency,
    'database-url-file': join(work, 'applicationUrl'),
    'database-owner-url-file': join(work, 'ownerUrl'),
  };
  const flags = Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)]);
  call([...image.entrypoint, 'init', folder, '--trial', '--json', ...flags], image.folder, {
    ...image.environment,
    PATH: process.env.PATH,
  });
  return join(folder, 'entente.json');
}

async function serves(image, environment, entente) {
  const [program, ...args] = [...image.entrypoint, ...image.command];
  const node = spawn(program, args, { cwd: image.folder, env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(node, 'exit');
  try {
    await healthy(image, environment, node);
    const { items } = JSON.parse(entente('peer', 'list', '--json'));
    if (items.length !== 0) throw new Error('a new node has partners');
  } finally {
    node.kill('SIGTERM');
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`the node ended with ${code} on SIGTERM`);
}

/** The image's own health check, repeated as an engine would. */
async function healthy(image, environment, node) {
  const [program, ...args] = image.health;
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await pause(250)) {
    if (node.exitCode !== null) throw new Error(`the node ended with ${node.exitCode}`);
    if (spawnSync(program, args, { cwd: image.folder, env: environment }).status === 0) return;
  }
  throw new Error('the node did not become healthy within 30 s');
}

function call([program, ...args], cwd, env) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
