/** Two agencies set up as an operator does it: with the commands of this program as processes, on databases of a real server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createDatabase, freePorts, type Server } from '@entente/postgres';
import { entente, type Ran } from './program.js';

const program = fileURLToPath(new URL('../../bin/entente.js', import.meta.url));

/** One command as a process of its own, to its end. */
export async function command(...argv: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = [collected(child.stdout), collected(child.stderr)];
  const [code] = (await once(child, 'close')) as [number];
  return { code, out: (await out).trimEnd(), err: (await err).trimEnd() };
}

async function collected(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export interface Office {
  id: string;
  folder: string;
  config: string;
  configurationFile: string;
  thumbprint: string;
  url: string;
  /** Files with tokens, by role. */
  token: Record<string, string>;
  node: ChildProcess;
  /** A command line as one of its officers gives it; throws unless it ends with `code`. */
  as(role: string, argv: string[], code?: number): Promise<Ran>;
  /** The same with --json, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: what the API answers, looked at member by member.
  json(role: string, argv: string[], code?: number): Promise<any>;
}

/** `entente init`, `config check`, `migrate`, `token`, `serve`. */
export async function openOffice(postgres: Server, base: string, name: string): Promise<Office> {
  const id = `https://${name}.example`;
  const folder = join(base, name);
  const database = name.replace('-', '_');
  const urls = await createDatabase(postgres, { name: database, owner: `${database}_owner`, application: `${database}_node` });
  await writeFile(join(base, `${name}.url`), urls.applicationUrl, { mode: 0o600 });
  await writeFile(join(base, `${name}.owner.url`), urls.ownerUrl, { mode: 0o600 });
  const [agencyPort, federationPort] = await freePorts(2);
  const flags = {
    'entity-id': id,
    name: `Office of ${name}`,
    country: name.slice(0, 2).toUpperCase(),
    'agency-type': 'CUS',
    'agency-port': agencyPort,
    'federation-host': '127.0.0.1',
    'federation-port': federationPort,
    'public-url': `https://127.0.0.1:${federationPort}`,
    'database-url-file': join(base, `${name}.url`),
    'database-owner-url-file': join(base, `${name}.owner.url`),
  };
  const made = await command(
    'init',
    folder,
    '--trial',
    '--json',
    ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]),
  );
  const config = join(folder, 'entente.json');
  const token = await tokens(base, name, config);
  const as = async (role: string, argv: string[], code = 0) => {
    const ran = await entente([...argv, '--config', config, '--token-file', token[role] as string]);
    if (ran.code !== code) throw new Error(`entente ${argv.join(' ')} ended with ${ran.code}:\n${ran.out}\n${ran.err}`);
    return ran;
  };
  return {
    id,
    folder,
    config,
    configurationFile: join(folder, 'entity-configuration.jwt'),
    thumbprint: JSON.parse(made.out).thumbprint,
    url: `http://127.0.0.1:${agencyPort}`,
    token,
    node: await serve(config, `http://127.0.0.1:${agencyPort}`),
    as,
    json: async (role, argv, code) => JSON.parse((await as(role, [...argv, '--json'], code)).out),
  };
}

async function tokens(base: string, name: string, config: string): Promise<Record<string, string>> {
  const made = ['ANALYST', 'RELEASER', 'HEAD', 'ADMIN', 'AUDITOR'].map(async (role) => {
    const { out } = await entente(['token', '--role', role, '--name', `${role.toLowerCase()}-7`, '--unit', 'POSS', '--config', config]);
    const file = join(base, `${name}.${role}.token`);
    await writeFile(file, out, { mode: 0o600 });
    return [role, file] as const;
  });
  return Object.fromEntries(await Promise.all(made));
}

/** Resolves when the node says that it is up, and answers. */
async function serve(config: string, url: string): Promise<ChildProcess> {
  for (const step of [['config', 'check'], ['migrate']]) {
    const { code, err } = await command(...step, '--config', config);
    if (code !== 0) throw new Error(`${step.join(' ')}: ${err}`);
  }
  const child = spawn(process.execPath, [program, 'serve', '--config', config], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (line.includes('the node is up')) {
      child.stdout.resume();
      await until('the node answers', async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined));
      return child;
    }
  }
  throw new Error(`the node did not come up: ${said.slice(-3).join('\n')}`);
}

/** SIGTERM to the command, which hands it on; resolves to its exit code. */
export async function close(office: Office): Promise<number> {
  const ended = once(office.node, 'exit');
  office.node.kill('SIGTERM');
  return ((await ended) as [number])[0];
}

/** Asks again until there is an answer, with a limit; never hopes that a time is enough. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  for (const deadline = performance.now() + seconds * 1000; performance.now() < deadline; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`${what}: not within ${seconds} s`);
}
