import { spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { pinEntity, SealError } from '@entente/seal';
import { kekOf, openContent, sealContent, verificationKey } from '@entente/seal/node';
import { calculateJwkThumbprint, compactVerify, importJWK, type JWK } from 'jose';
import t from 'tap';
import { settings } from '../src/agency/settings.js';
import { agencyFlags, entente } from './program.js';

const id = 'https://nl-cus.example';
const now = 1_800_000_000;

const root = t.testdir();

async function made(more: Record<string, string> = {}, flags: string[] = []) {
  const folder = join(await mkdtemp(join(root, 'of-')), 'agency');
  const ran = await entente(['init', folder, ...agencyFlags(id, more), ...flags, '--json'], { now });
  if (ran.code !== 0) throw new Error(ran.out + ran.err);
  const read = (path: string) => readFile(join(folder, path), 'utf8');
  return { folder, result: JSON.parse(ran.out), read, json: async (path: string) => JSON.parse(await read(path)) };
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const modes = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1) + (entry.isDirectory() ? '/' : ''), ((await stat(path)).mode & 0o777).toString(8)];
  });
  return Object.fromEntries(await Promise.all(modes));
}

t.test('a new agency has every file, and its secrets are its own', async (t) => {
  const { folder, result } = await made({}, ['--trial']);
  t.same(await filesIn(folder), {
    'entente.json': '644',
    'entity-configuration.jwt': '644',
    'README.md': '644',
    'offline/': '700',
    'offline/next-federation.json': '600',
    'secrets/': '700',
    'secrets/kek.json': '600',
    'secrets/local-issuer.json': '600',
    'secrets/token.key': '600',
    'secrets/keys/': '700',
    'secrets/keys/federation.json': '600',
    'secrets/keys/statement.json': '600',
    'secrets/keys/release.json': '600',
    'secrets/keys/log.json': '600',
    'secrets/keys/witness.json': '600',
    'secrets/keys/encryption.json': '600',
    'secrets/keys/tls.key.pem': '600',
    'secrets/keys/tls.cert.pem': '644',
  });
  t.same(result.missing, ['secrets/database.url', 'secrets/database-owner.url']);
  t.same(await readdir(join(folder, '..')), ['agency'], 'nothing is left beside it');
});

t.test('each key is named by its thumbprint and serves one use in its time', async (t) => {
  const { json } = await made({ 'key-days': '10' });
  for (const use of ['federation', 'statement', 'release', 'log', 'witness', 'encryption']) {
    const key = await json(`secrets/keys/${use}.json`);
    t.match(key, { use_for: use, kid: await calculateJwkThumbprint(key), not_before: now, not_after: now + 10 * 86400, d: /^[\w-]{43}$/ });
    t.equal(key.alg, ['log', 'witness'].includes(use) ? 'Ed25519' : 'ES256');
  }
});

t.test('the entity configuration opens with its thumbprint, and with nothing else', async (t) => {
  const { read, json, result } = await made();
  const jwt = (await read('entity-configuration.jwt')).trim();
  const { configuration } = await pinEntity(jwt, result.thumbprint, { now, verifiable: verificationKey });
  const [federation, next, log] = await Promise.all([
    json('secrets/keys/federation.json'),
    json('offline/next-federation.json'),
    json('secrets/keys/log.json'),
  ]);
  t.match(configuration, {
    id,
    iat: now,
    exp: now + 365 * 86400,
    organizationName: 'Demo agency',
    country: 'NL',
    agencyType: 'CUS',
    next: next.kid,
    endpoints: { federation: 'https://nl-cus.example:8443/federation/v1' },
  });
  t.equal(result.thumbprint, federation.kid);
  t.same(configuration.keys.map((key) => key.use).sort(), ['encryption', 'federation', 'log', 'release', 'statement', 'witness']);
  t.notMatch(JSON.stringify(configuration), /"d":/, 'no private part is published');
  t.equal(configuration.log.origin, 'nl-cus.example/log/1');
  t.ok(configuration.log.vkey.endsWith(Buffer.concat([Buffer.of(1), Buffer.from(log.x, 'base64url')]).toString('base64')));
  await t.rejects(pinEntity(jwt, next.kid, { now, verifiable: verificationKey }), SealError);
  const { d: _, ...publicKey } = federation as JWK & { d: string };
  t.ok(await compactVerify(jwt, await importJWK(publicKey, 'ES256')), 'jose reads the signature as well');
});

t.test('its certificate names the entity id and the address that partners dial', async (t) => {
  const { read } = await made({ 'public-url': 'https://127.0.0.1:9443', 'certificate-days': '30' });
  const certificate = new X509Certificate(await read('secrets/keys/tls.cert.pem'));
  t.match(certificate, { subjectAltName: `URI:${id}, IP Address:127.0.0.1`, subject: 'CN=nl-cus.example', ca: false });
  t.equal(Date.parse(certificate.validTo) / 1000, now + 30 * 86400);
  t.ok(Date.parse(certificate.validFrom) / 1000 < now, 'a peer with a slow clock takes it');
  t.ok(certificate.verify(certificate.publicKey));
});

t.test('a real handshake, with the certificate as its own and only anchor', async (t) => {
  const folder = join(t.testdir(), 'agency');
  await entente(['init', folder, ...agencyFlags(id, { 'public-url': 'https://localhost:9443' })]);
  const [key, cert] = await Promise.all(
    ['tls.key.pem', 'tls.cert.pem'].map((name) => readFile(join(folder, 'secrets/keys', name), 'utf8')),
  );
  const own = { key, cert, ca: cert, minVersion: 'TLSv1.3' } as const;
  const server = createServer({ ...own, requestCert: true, rejectUnauthorized: true }, (socket) => {
    t.equal(socket.authorized, true);
    socket.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as { port: number };
  const heard = await new Promise<string>((resolve, reject) => {
    const socket = connect({ ...own, host: 'localhost', port });
    socket.once('error', reject);
    socket.once('data', (data) => resolve(data.toString()));
  });
  server.close();
  t.equal(heard, 'hello');
});

t.test('the key-encryption key wraps content', async (t) => {
  const { json, read } = await made();
  const { current, keys } = await json('secrets/kek.json');
  t.equal(keys.length, 1);
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const kek = kekOf(keys[0].id, Buffer.from(keys[0].key, 'base64url'), random);
  t.equal(kek.id, current);
  const sealed = sealContent(['text'], { random, kek }, 'ref');
  t.same(
    openContent(sealed, () => kek, 'ref'),
    ['text'],
  );
  t.equal(Buffer.from((await read('secrets/token.key')).trim(), 'base64url').length, 32);
});

t.test('the configuration has safe defaults, and looser ones only in a trial', async (t) => {
  const usual = await made({ issuer: 'https://login.nl-cus.example' });
  t.match(await usual.json('entente.json'), {
    entity_id: id,
    organization: { name: 'Demo agency', country: 'NL', agency_type: 'CUS' },
    agency: { host: '127.0.0.1', port: 8080 },
    federation: { host: '0.0.0.0', port: 8443, public_url: 'https://nl-cus.example:8443' },
    issuers: [{ issuer: 'https://login.nl-cus.example', audience: id }],
    checkpoint_interval_seconds: 600,
    local_issuer: undefined,
  });
  t.match(await usual.read('README.md'), usual.result.thumbprint);
  t.same(usual.result.configuration, await usual.json('entente.json'));
  const trial = await made({}, ['--trial']);
  t.match(await trial.json('entente.json'), {
    federation: { host: '127.0.0.1' },
    local_issuer: { issuer: 'urn:entente:local', audience: id },
    checkpoint_interval_seconds: 5,
  });
});

t.test('database addresses come from files, never from the command line', async (t) => {
  const folder = t.testdir({ 'app.url': 'postgres://app:secret@db/nl\n', 'owner.url': 'postgres://owner:secret@db/nl' });
  const agency = join(folder, 'agency');
  const files = { 'database-url-file': join(folder, 'app.url'), 'database-owner-url-file': join(folder, 'owner.url') };
  const ran = await entente(['init', agency, ...agencyFlags(id, files)]);
  t.equal(await readFile(join(agency, 'secrets/database.url'), 'utf8'), 'postgres://app:secret@db/nl\n');
  t.equal(((await stat(join(agency, 'secrets/database-owner.url'))).mode & 0o777).toString(8), '600');
  t.notMatch(ran.out, /Write the database address|secret@/);
});

t.test('nothing that exists is ever overwritten', async (t) => {
  const { folder, result, read } = await made();
  const again = await entente(['init', folder, ...agencyFlags(id)]);
  t.equal(again.code, 2);
  t.match(again.err, /is in use.*\n.*Nothing was changed/);
  t.match(await read('README.md'), result.thumbprint);
  const file = join(t.testdir({ file: 'x' }), 'file');
  t.match(await entente(['init', file, ...agencyFlags(id), '--json']), { code: 2, out: /already_there/ });
  const empty = join(t.testdir(), 'empty');
  await mkdir(empty);
  t.equal((await entente(['init', empty, ...agencyFlags(id)])).code, 0, 'an empty folder is free');
});

t.test('what is missing or wrong is said, with what a good value looks like', async (t) => {
  const folder = join(t.testdir(), 'agency');
  const nothing = await entente(['init', folder]);
  t.equal(nothing.code, 2);
  t.match(nothing.err, /needs --entity-id, --name, --country, --agency-type/);
  const wrong: [Record<string, string>, RegExp][] = [
    [{ 'entity-id': 'http://nl-cus.example' }, /https URL/],
    [{ 'entity-id': 'https://nl-cus.example/' }, /should be written https:\/\/nl-cus\.example/],
    [{ 'entity-id': 'https://NL-CUS.example' }, /should be written/],
    [{ 'entity-id': 'https://nl-cus.example?x' }, /query/],
    [{ country: 'nl' }, /two capital letters/],
    [{ 'agency-type': 'SPY' }, /one of CUS, LIC/],
    [{ 'agency-port': '0' }, /whole number/],
    [{ 'agency-port': '1e3' }, /whole number/],
    [{ 'public-url': 'https://a.example/path' }, /no path/],
    [{ 'database-url-file': '/nowhere/db.url' }, /no database address at \/nowhere/],
  ];
  for (const [flags, words] of wrong) {
    const ran = await entente(['init', folder, ...agencyFlags(id, flags)]);
    t.match(ran, { code: 2, err: words }, JSON.stringify(flags));
  }
  t.same(await readdir(join(folder, '..')), [], 'and nothing was made');
});

t.test('a file answers as well; flags win over it; unknown members are refused', async (t) => {
  const dir = t.testdir();
  const answers = join(dir, 'answers.json');
  await writeFile(
    answers,
    JSON.stringify({ entity_id: id, name: 'From the file', country: 'NL', agency_type: 'CUS', agency_port: 9000, trial: true }),
  );
  const ran = await entente(['init', join(dir, 'a'), '--answers', answers, '--name', 'From the flag', '--json']);
  t.match(JSON.parse(ran.out).configuration, { organization: { name: 'From the flag' }, agency: { port: 9000 }, local_issuer: {} });
  for (const [text, words] of [
    ['{"entity": 1}', /unknown member/],
    ['[]', /one JSON object/],
    ['{', /not JSON/],
    ['{"entity_id": {"a": 1}}', /text or a number/],
  ] as const) {
    await writeFile(answers, text);
    t.match(await entente(['init', join(dir, 'b'), '--answers', answers]), { code: 2, err: words }, text);
  }
});

t.test('on a terminal it asks, explains, and takes the default for an empty line', async (t) => {
  const folder = join(t.testdir(), 'agency');
  const ran = await entente(['init', folder], { answers: [id, 'Customs of the test', 'NL', 'CUS', '', '', '', '', '9001'] });
  t.equal(ran.code, 0);
  t.match(ran.out, /names this agency for ever/);
  t.match(ran.out, /Port for partner agencies \[8443\]: /);
  t.match(JSON.parse(await readFile(join(folder, 'entente.json'), 'utf8')), { agency: { port: 9001 }, federation: { port: 8443 } });
});

t.test('the program itself runs from its linked command', async (t) => {
  const program = fileURLToPath(new URL('../../bin/entente.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'init', join(t.testdir(), 'agency'), ...agencyFlags(id), '--json']);
  const out: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  t.equal(code, 0);
  t.match(JSON.parse(out.join('')), { entity_id: id, thumbprint: /^[\w-]{43}$/ });
});

const noTerminal = spawnSync('script', ['--version']).status !== 0 && 'no terminal can be made here';
t.test('on a real terminal, too', { skip: noTerminal }, async (t) => {
  const folder = join(t.testdir(), 'agency');
  const program = fileURLToPath(new URL('../../bin/entente.js', import.meta.url));
  const command = [process.execPath, program, 'init', folder, '--trial', '--agency-port', '8099'].join(' ');
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = [id, 'Customs of the test', 'NL', 'CUS'];
  let shown = '';
  let answered = 0;
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    // What is typed before it is asked for would be lost.
    const asked = settings.filter(({ question }) => shown.includes(`${question}: `) || shown.includes(`${question} [`)).length;
    for (; answered < asked; answered += 1) terminal.stdin.write(`${answers[answered] ?? ''}\r`);
  });
  const [code] = (await once(terminal, 'close')) as [number];
  t.equal(code, 0, shown);
  t.match(shown, /names this agency for ever[\s\S]*Country[\s\S]*What to do now/, 'it asks, explains, and says what comes next');
  t.match(JSON.parse(await readFile(join(folder, 'entente.json'), 'utf8')), { entity_id: id, agency: { port: 8099 } });
});
