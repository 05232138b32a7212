import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import t, { type Test } from 'tap';
import { restoreLinks } from '../src/binaries.js';
import { createDatabase, dropDatabase, dump, type Server, startServer } from '../src/index.js';

async function emptyFolder(test: Pick<Test, 'teardown'>): Promise<string> {
  // With spaces: folders of people have them.
  const root = await mkdtemp(join(tmpdir(), 'entente postgres '));
  test.teardown(() => rm(root, { recursive: true, force: true }));
  return join(root, 'server');
}

function copyFolder(from: string, to: string): void {
  execFileSync('cp', ['-Rp', from, to]); // ten times as fast as the one of node:fs
}

const template = await emptyFolder(t);

/** With a server that was started and stopped before: copying one is faster than making one. */
async function folder(test: Test): Promise<string> {
  const dir = await emptyFolder(test);
  copyFolder(template, dir);
  return dir;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // One result per statement.
    const results = [await client.query({ text: sql, rowMode: 'array' })].flat();
    return results.flatMap(({ rows }) => rows.flat());
  } finally {
    await client.end();
  }
}

async function serverPid(server: Pick<Server, 'dir'>): Promise<number> {
  const file = await readFile(join(server.dir, 'data', 'postmaster.pid'), 'utf8');
  return Number(file.split('\n')[0]);
}

async function startInChild(test: Test, dir: string) {
  const child: ChildProcess = fork(new URL('./starter.js', import.meta.url), [dir]);
  test.teardown(() => child.kill('SIGKILL'));
  const [message] = (await once(child, 'message')) as [{ port: number; ownsProcess: boolean }];
  return { child, ...message };
}

async function end(child: ChildProcess, act: () => void): Promise<void> {
  const ended = once(child, 'exit');
  act();
  await ended;
}

t.test('starts a durable server in UTF-8 and UTC, keeps its port and its data, and stops', async (t) => {
  const dir = template;
  const lines: string[] = [];
  const first = await startServer({ dir, log: (line) => lines.push(line) });
  t.equal(first.ownsProcess, true);
  t.match(lines[0], /^PostgreSQL \d+ \(\w+\) started on port \d+$/);
  const shown = ['server_encoding', 'TimeZone', 'fsync', 'synchronous_commit', 'password_encryption', 'data_checksums', 'listen_addresses'];
  const settings = await ask(first.url('postgres'), `SELECT ${shown.map((name) => `current_setting('${name}')`).join(', ')}`);
  t.same(settings, ['UTF8', 'UTC', 'on', 'on', 'scram-sha-256', 'on', '127.0.0.1']);
  t.same(await ask(first.url('postgres'), "SELECT x FROM unnest(ARRAY['b','a','Z','é']) x ORDER BY x"), ['Z', 'a', 'b', 'é']);
  t.equal((await stat(join(first.dir, 'passwords', 'postgres'))).mode & 0o777, 0o600);
  const wrong = first.url('postgres').replace(/:[^:@]+@/, ':guess@');
  await t.rejects(ask(wrong, 'SELECT 1'), { code: '28P01' });
  await ask(first.url('postgres'), 'CREATE TABLE kept AS SELECT 7 AS seven');
  await Promise.all([first.stop(), first.stop()]);
  await t.rejects(ask(first.url('postgres'), 'SELECT 1'), { code: 'ECONNREFUSED' });

  const second = await startServer({ dir });
  t.equal(second.port, first.port);
  t.same(await ask(second.url('postgres'), 'SELECT seven FROM kept'), [7]);
  await ask(second.url('postgres'), 'DROP TABLE kept');
  await second.stop();
});

t.test('takes another port when its own is in use', async (t) => {
  const dir = await folder(t);
  const first = await startServer({ dir });
  await first.stop();
  const stranger = createServer().listen(first.port, '127.0.0.1');
  await once(stranger, 'listening');
  t.teardown(() => stranger.close());
  await using second = await startServer({ dir });
  t.not(second.port, first.port);
  t.same(await ask(second.url('postgres'), 'SELECT 1'), [1]);
});

t.test('several starters at once share one server; the last stops it', async (t) => {
  const dir = await emptyFolder(t);
  const starters = await Promise.all([startServer({ dir }), startServer({ dir }), startInChild(t, dir), startInChild(t, dir)]);
  t.equal(new Set(starters.map((s) => s.port)).size, 1);
  t.equal(starters.filter((s) => s.ownsProcess).length, 1);
  const [first, second, third, fourth] = starters;
  await first.stop();
  await end(third.child, () => third.child.kill('SIGKILL'));
  await end(fourth.child, () => fourth.child.send('stop'));
  t.same(await ask(second.url('postgres'), 'SELECT 1'), [1]);
  await second.stop();
  await t.rejects(ask(second.url('postgres'), 'SELECT 1'), { code: 'ECONNREFUSED' });
});

t.test('reuses the server of a starter that was killed', async (t) => {
  const dir = await folder(t);
  const killed = await startInChild(t, dir);
  const before = await serverPid({ dir });
  await end(killed.child, () => killed.child.kill('SIGKILL'));
  const server = await startServer({ dir });
  t.equal(server.ownsProcess, false);
  t.equal(server.port, killed.port);
  t.equal(await serverPid(server), before);
  await server.stop();
  await t.rejects(access(join(dir, 'data', 'postmaster.pid')));
});

t.test('recovers the folder of a server that was killed', async (t) => {
  const dir = await folder(t);
  const first = await startServer({ dir });
  await ask(first.url('postgres'), 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
  process.kill(await serverPid(first), 'SIGKILL');
  const second = await startServer({ dir });
  t.equal(second.ownsProcess, true);
  t.same(await ask(second.url('postgres'), 'SELECT count(*)::int FROM kept'), [1000]);
  // The session of the first died with its server: what runs now is another's.
  await first.stop();
  t.same(await ask(second.url('postgres'), 'SELECT 1'), [1]);
  process.kill(await serverPid(second), 'SIGKILL');
  await second.stop();
});

t.test('a process id that came to belong to a stranger is no server', async (t) => {
  const dir = await folder(t);
  const first = await startServer({ dir });
  const file = join(first.dir, 'data', 'postmaster.pid');
  const content = await readFile(file, 'utf8');
  await first.stop();
  await writeFile(file, content.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
  const second = await startServer({ dir });
  t.equal(second.ownsProcess, true);
  await second.stop();
});

t.test('the copy of a folder gets a server of its own', async (t) => {
  const dir = await folder(t);
  const original = await startServer({ dir });
  const pidFile = await readFile(join(dir, 'data', 'postmaster.pid'), 'utf8');
  await original.stop();
  const copy = `${dir}-copy`;
  copyFolder(dir, copy);
  await using again = await startServer({ dir });
  // What a copy made while the server ran would contain.
  await writeFile(join(copy, 'data', 'postmaster.pid'), pidFile.replace(/^\d+/, String(await serverPid(again))), { mode: 0o600 });
  await using other = await startServer({ dir: copy });
  t.equal(other.ownsProcess, true);
  t.not(other.port, again.port);
});

t.test('two databases, each with a role that owns and a role that works', async (t) => {
  const dir = await folder(t);
  await using server = await startServer({ dir });
  const north = { name: 'north', owner: 'north_owner', application: 'north_app' };
  const south = { name: 'south', owner: 'south_owner', application: 'south_app' };
  const [a, b, again] = await Promise.all([north, south, north].map((names) => createDatabase(server, names)));
  t.same(again, a, 'making it again changes nothing');
  await ask(a!.ownerUrl, 'CREATE TABLE letter (id int, body text); GRANT SELECT ON letter TO north_app');
  t.same(await ask(a!.applicationUrl, 'SELECT count(*)::int FROM letter'), [0]);
  for (const forbidden of [
    'CREATE TABLE mine (id int)',
    'CREATE TEMP TABLE mine (id int)',
    'CREATE SCHEMA mine',
    'DROP TABLE letter',
    'INSERT INTO letter VALUES (1)',
  ]) {
    await t.rejects(ask(a!.applicationUrl, forbidden), { code: '42501' }, forbidden);
  }
  const foreign = new URL(a!.applicationUrl);
  foreign.pathname = '/south';
  await t.rejects(ask(foreign.href, 'SELECT 1'), { code: '42501' }, 'no way into the other database');
  t.same(await ask(b!.ownerUrl, "SELECT to_regclass('letter')"), [null]);
  await ask(b!.ownerUrl, 'CREATE EXTENSION pg_trgm');

  await dropDatabase(server, { ...south, owner: 'north_owner' });
  await dropDatabase(server, south);
  await t.rejects(ask(b!.ownerUrl, 'SELECT 1'), { code: '28P01' });
  t.same(await ask(a!.applicationUrl, 'SELECT 1'), [1], 'a role that another database needs stays');
  await t.rejects(createDatabase(server, { ...north, name: 'North; DROP' }), { code: 'bad_name' });
});

t.test('dumps every value of every table as text', async (t) => {
  const dir = await folder(t);
  await using server = await startServer({ dir });
  const names = { name: 'dumped', owner: 'dumped_owner', application: 'dumped_app' };
  const { ownerUrl } = await createDatabase(server, names);
  await ask(
    ownerUrl,
    `CREATE TABLE one (n int, body jsonb, bytes bytea, list bytea[], at timestamptz);
     INSERT INTO one VALUES (1, '{"consignee": "Invented Ltd"}', convert_to('plain text', 'UTF8'), ARRAY[convert_to('in a list', 'UTF8')], '2026-01-02T03:04:05Z'),
                            (2, NULL, '\\xff00', NULL, NULL);
     CREATE SCHEMA other; CREATE TABLE other.many (n int) PARTITION BY RANGE (n);
     CREATE TABLE other.low PARTITION OF other.many FOR VALUES FROM (0) TO (1000);
     INSERT INTO other.many SELECT generate_series(0, 999)`,
  );
  const rows: string[] = [];
  for await (const { table, row } of dump(ownerUrl)) rows.push(`${table}: ${row}`);
  const [first, second] = rows.filter((row) => row.startsWith('public.one: '));
  t.match(first, /^public\.one: 1\t\{"consignee": "Invented Ltd"\}\tplain text\t\{"in a list"\}\t2026-01-02 03:04:05\+00$/);
  t.equal(second, 'public.one: 2\t\t\\xff00\t\t');
  t.equal(rows.filter((row) => row.startsWith('other.low: ')).length, 1000);
  t.equal(rows.length, 1002);
});

t.test('refuses with words what cannot work', async (t) => {
  const dir = await folder(t);
  const configured = process.env.ENTENTE_POSTGRES_BIN;
  t.teardown(() => {
    if (configured === undefined) delete process.env.ENTENTE_POSTGRES_BIN;
    else process.env.ENTENTE_POSTGRES_BIN = configured;
  });
  process.env.ENTENTE_POSTGRES_BIN = tmpdir();
  await t.rejects(startServer({ dir }), { code: 'no_server' });
  if (configured === undefined) delete process.env.ENTENTE_POSTGRES_BIN;
  else process.env.ENTENTE_POSTGRES_BIN = configured;
  const server = await startServer({ dir });
  await server.stop();
  await writeFile(join(dir, 'data', 'PG_VERSION'), '9\n');
  await t.rejects(startServer({ dir }), { code: 'wrong_version' });
});

t.test('restores the links that npm strips from the packages', async (t) => {
  const root = t.testdir({
    native: {
      lib: { 'liba.so.1.2': 'library' },
      'pg-symlinks.json': '[{"source":"native/lib/liba.so.1.2","target":"native/lib/liba.so.1"}]',
    },
  });
  await restoreLinks(root);
  await restoreLinks(root);
  t.equal(await readFile(join(root, 'native/lib/liba.so.1'), 'utf8'), 'library');
  await unlink(join(root, 'native/lib/liba.so.1'));
});
