import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose';
import t, { type Test } from 'tap';
import { runToEnd } from '../src/child-program.js';
import type { Completion } from '../src/completion/tree.js';
import { agencyFlags, entente } from './program.js';

const id = 'https://nl-cus.example';

interface Asked {
  method: string | undefined;
  url: string | undefined;
  authorization: string | undefined;
  body: string;
}

/** Stands in for a node: keeps what it was asked and answers as told. */
async function nodeThat(t: Test, answer: (asked: Asked, response: ServerResponse) => void) {
  const asked: Asked[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    asked.push({ method, url, authorization: headers.authorization, body: Buffer.concat(chunks).toString() });
    answer(asked.at(-1) as Asked, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { asked, port: String((server.address() as AddressInfo).port) };
}

function json(response: ServerResponse, status: number, body: unknown, type = 'application/json') {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

async function unusedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

const root = t.testdir();

/** A trial agency in a folder of its own. */
async function agency(more: Record<string, string> = {}, entityId = id, flags = ['--trial']) {
  const folder = await mkdtemp(join(root, 'agency-'));
  const ran = await entente(['init', folder, ...agencyFlags(entityId, more), ...flags, '--json']);
  return {
    folder,
    config: join(folder, 'entente.json'),
    jwt: join(folder, 'entity-configuration.jwt'),
    thumbprint: JSON.parse(ran.out).thumbprint as string,
  };
}

/** Every command that does something, as completion knows them. */
async function leaves(): Promise<string[][]> {
  const { commands } = JSON.parse((await entente(['completion', 'bash', '--json'])).out) as { commands: Completion[] };
  return commands.filter(({ subcommands }) => subcommands.length === 0).map(({ path }) => path);
}

t.test('every command has help with examples, and --json', async (t) => {
  for (const command of await leaves()) {
    const { code, out } = await entente([...command, '--help']);
    t.equal(code, 0, command.join(' '));
    t.match(out, new RegExp(`Usage: entente ${command.join(' ')}`));
    t.match(out, `Examples:\n  $ entente ${command.join(' ')}`);
    t.match(out, '--json');
  }
  t.match(await entente(['--help']), { code: 0, out: /Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}3 / });
});

t.test('asked wrongly: exit code 2, and words or JSON that say how', async (t) => {
  t.match(await entente([]), { code: 2, err: /Usage: entente/ });
  t.match(await entente(['serv']), { code: 2, err: /Did you mean serve/ });
  t.match(await entente(['peer']), { code: 2, err: /Usage: entente peer/ });
  t.match(await entente(['peer', 'add', 'x.jwt']), { code: 2, err: /required option '--thumbprint/ });
  t.match(JSON.parse((await entente(['peer', 'add', 'x.jwt', '--json'])).out), { error: { code: 'usage', message: /--thumbprint/ } });
});

t.test('a configuration that is not there or not readable', async (t) => {
  const nowhere = join(t.testdir({ 'bad.json': '{', 'half.json': `{"entity_id":"${id}"}` }), 'entente.json');
  for (const command of [
    ['serve'],
    ['migrate'],
    ['config', 'check'],
    ['peer', 'list'],
    ['token', '--role', 'ADMIN'],
    ['audit', 'verify'],
  ]) {
    const ran = await entente([...command, '--config', nowhere]);
    t.match(ran, { code: 2, err: /no configuration at .*entente\.json\n {2}Name it with --config/ }, command.join(' '));
  }
  const { out } = await entente(['peer', 'list', '--config', nowhere, '--json']);
  t.match(JSON.parse(out), { error: { code: 'file_missing', file: nowhere } });
  t.match(await entente(['peer', 'list', '-c', nowhere.replace('entente', 'bad')]), { code: 2, err: /is not JSON/ });
  t.match(await entente(['peer', 'list', '-c', nowhere.replace('entente', 'half')]), { code: 2, err: /keys\.folder .* should be text/ });
});

t.test('a token of the local issuer verifies, and says who, as what, for whom, until when', async (t) => {
  const { folder, config } = await agency();
  const { d: _, ...key } = JSON.parse(await readFile(join(folder, 'secrets/local-issuer.json'), 'utf8')) as JWK;
  const flags = ['--role', 'analyst', '--role', 'CASE_OFFICER', '--name', 'officer-7', '--unit', 'POSS', '--lifetime', '15m'];
  const { code, out } = await entente(['token', ...flags, '-c', config]);
  t.equal(code, 0);
  const { payload } = await jwtVerify(out, createLocalJWKSet({ keys: [key] }), {
    issuer: 'urn:entente:local',
    audience: id,
    algorithms: ['ES256'],
  });
  t.match(payload, { sub: 'officer-7', entente_roles: ['ANALYST', 'CASE_OFFICER'], unit: 'POSS' });
  t.equal((payload.exp as number) - (payload.iat as number), 900);
  const asJson = JSON.parse((await entente(['token', '--role', 'AUDITOR', '-c', config, '--json'])).out);
  t.match(asJson, { token: /^ey/, name: 'auditor', roles: ['AUDITOR'], expires_at: /Z$/ });
});

t.test('no token without a known role, a lifetime, a local issuer', async (t) => {
  const { config } = await agency({}, id, []);
  t.match(await entente(['token', '--role', 'SPY', '-c', config]), { code: 2, err: /Roles are ANALYST/ });
  t.match(await entente(['token', '--role', 'ADMIN', '--lifetime', 'long', '-c', config]), { code: 2, err: /90s, 15m/ });
  t.match(await entente(['token', '--role', 'ADMIN', '-c', config]), { code: 2, err: /no local issuer\n.*OpenID Connect/ });
  t.match(await entente(['peer', 'list', '-c', config]), { code: 2, err: /who asks\n.*--token-file/ });
});

t.test('a partner is added when configuration and thumbprint fit', async (t) => {
  const node = await nodeThat(t, (_, response) => json(response, 201, { id: 'https://de-lic.example', state: 'active' }));
  const { config } = await agency({ 'agency-port': node.port });
  const partner = await agency({}, 'https://de-lic.example');
  const ran = await entente(['peer', 'add', partner.jwt, '--thumbprint', partner.thumbprint, '-c', config]);
  t.match(ran, { code: 0, out: /Demo agency \(https:\/\/de-lic\.example\) is a partner now/ });
  const [asked] = node.asked as [Asked];
  t.match(asked, { method: 'POST', url: '/v1/peers', authorization: /^Bearer ey/ });
  t.same(JSON.parse(asked.body), { configuration: (await readFile(partner.jwt, 'utf8')).trim(), thumbprint: partner.thumbprint });
});

t.test('a wrong thumbprint or an altered configuration never reaches the node', async (t) => {
  const node = await nodeThat(t, (_, response) => json(response, 201, {}));
  const { config, thumbprint } = await agency({ 'agency-port': node.port });
  const partner = await agency({}, 'https://de-lic.example');
  const wrong = await entente(['peer', 'add', partner.jwt, '--thumbprint', thumbprint, '-c', config]);
  t.match(wrong, { code: 1, err: new RegExp(`${partner.thumbprint}, and ${thumbprint}.*\n.*[Cc]ompare`) });
  const jwt = (await readFile(partner.jwt, 'utf8')).trim();
  const [header, payload, signature] = jwt.split('.') as [string, string, string];
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  claims.metadata.entente_node.organization_name = 'Another';
  const altered = join(t.testdir(), 'altered.jwt');
  for (const text of ['not a token', `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`]) {
    await writeFile(altered, text);
    const ran = await entente(['peer', 'add', altered, '--thumbprint', partner.thumbprint, '-c', config, '--json']);
    t.match({ code: ran.code, ...JSON.parse(ran.out) }, { code: 1, error: { code: 'configuration_invalid' } });
  }
  t.match(await entente(['peer', 'add', '/nowhere.jwt', '--thumbprint', thumbprint, '-c', config]), {
    code: 2,
    err: /no entity configuration at/,
  });
  t.same(node.asked, []);
});

t.test('partners are listed for people and programs, and no text of theirs moves the cursor', async (t) => {
  const items = [
    { id: 'https://de-lic.example', name: 'Lic\u001b[2Jensing', country: 'DE', agency_type: 'LIC', state: 'active', thumbprint: 'abc' },
  ];
  const node = await nodeThat(t, (_, response) => json(response, 200, { items }));
  const { config } = await agency({ 'agency-port': node.port });
  const people = await entente(['peer', 'list', '-c', config]);
  t.match(people.out, /^ID {22}NAME.*\nhttps:\/\/de-lic\.example {2}Lic\?\[2Jensing/);
  t.same(JSON.parse((await entente(['peer', 'list', '-c', config, '--json'])).out), { items });
});

t.test('a partner is removed by its entity id, with the token that was given', async (t) => {
  const node = await nodeThat(t, (_, response) => response.writeHead(204).end());
  const tokenFile = join(t.testdir({ token: 'given-token\n' }), 'token');
  const ran = await entente([
    'peer',
    'remove',
    'https://de-lic.example',
    '--url',
    `http://127.0.0.1:${node.port}`,
    '--token-file',
    tokenFile,
  ]);
  t.match(ran, { code: 0, out: /no partner any more/ });
  t.match(node.asked, [{ method: 'DELETE', url: '/v1/peers/https%3A%2F%2Fde-lic.example', authorization: 'Bearer given-token' }]);
});

t.test('a refusal of the node is exit code 1, with its code and what to do', async (t) => {
  const problem = {
    code: 'access_denied',
    status: 403,
    title: 'Forbidden',
    detail: 'The role AUDITOR may not do this.',
    request_id: 'r-9',
  };
  const node = await nodeThat(t, (_, response) => json(response, 403, problem, 'application/problem+json'));
  const { config } = await agency({ 'agency-port': node.port });
  t.match(await entente(['peer', 'list', '-c', config]), {
    code: 1,
    err: /refused \(access_denied\): The role AUDITOR.*\n.*entente token --help/,
  });
  const { out } = await entente(['peer', 'list', '-c', config, '--json']);
  t.match(JSON.parse(out), { error: { code: 'refused', problem: 'access_denied', status: 403, request_id: 'r-9' } });
});

t.test('a node that does not answer is exit code 3', async (t) => {
  const { config } = await agency({ 'agency-port': await unusedPort() });
  t.match(await entente(['peer', 'list', '-c', config]), {
    code: 3,
    err: /no answer from http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED.*\n.*entente serve/,
  });
  t.match(JSON.parse((await entente(['peer', 'list', '-c', config, '--json'])).out), { error: { code: 'unreachable', url: /^http/ } });
});

t.test('a program that is started gets the signals and gives its exit code', async (t) => {
  t.equal(await runToEnd(['-e', 'process.exit(Number(process.env.CODE))'], { CODE: '5' }), 5);
  const signalsItsParent = `
    process.once('SIGTERM', () => process.exit(7));
    setInterval(() => {}, 1000);
    process.kill(process.ppid, 'SIGTERM');`;
  t.equal(await runToEnd(['-e', signalsItsParent]), 7, 'SIGTERM came back to it');
  t.equal(await runToEnd(['-e', "process.kill(process.pid, 'SIGKILL')"]), 137, 'as a shell reports it');
});
