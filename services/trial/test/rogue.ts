/**
 * A partner that keeps to no rule. It has keys, a certificate and an entity configuration like every agency, and a node that is this file:
 * it hands over whatever the test wants, asks whatever the test wants, and writes down what the real node says.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { freePorts } from '@entente/postgres';
import {
  type EntityConfiguration,
  inspectEntityConfiguration,
  type PrivateJwk,
  type Signer,
  signAgreement,
  signEntityConfiguration,
  type Use,
} from '@entente/seal';
import { nodeSigner } from '@entente/seal/node';
import type { AgreementPayload } from '../src/agreement.js';
import type { Member } from '../src/federation.js';
import { programs, runProgram } from '../src/programs.js';

export interface Poll {
  ack: string[];
  setErrs: Record<string, { err: string }>;
  receipts: string[];
  pages_after: { epoch: number; position: number };
}
/** An object is sent as JSON, a text as it is. */
export type Answer =
  | string
  | { sets?: Record<string, string>; disclosures?: Record<string, string[]>; pages?: string[]; moreAvailable?: boolean };

export interface Response {
  status: number;
  /** Content type. */
  type: string | undefined;
  text: string;
  json: Record<string, unknown>;
}
export interface Request {
  method?: string;
  path: string;
  /** Below which the path lies, in place of `/federation/v1`. */
  base?: string;
  /** An object is sent as JSON, a text as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Options of the TLS connection in place of the rogue's own. */
  tls?: https.RequestOptions;
}

export interface Rogue extends AsyncDisposable {
  id: string;
  folder: string;
  port: number;
  /** What it publishes now; the test may publish another one. */
  configuration: string;
  thumbprint: string;
  tls: { key: string; cert: string };
  signer(use: Use): Signer;
  /** Signs what it publishes anew, with a change. Takes effect when the node asks for it. */
  publish(change: (configuration: EntityConfiguration) => Partial<EntityConfiguration>): Promise<void>;
  /** Answers the poll that the node holds open, or its next one; resolves with the poll after it. */
  offer(answer: Answer): Promise<Poll>;
  /** The poll that the node holds open. */
  polled(): Promise<Poll>;
  /** Signed notes given out for positions that did not come. */
  voids: string[];
  /** What it answers at other paths, by their beginning; 404 at all others. */
  answers: Map<string, (path: string, body: string) => { status?: number; text: string }>;
  /** Bytes `from` to `to`, inclusive, of whatever attachment is asked for. */
  attachment?: (from: number, to: number) => { bytes: Buffer; of: number };
  /** Requests that reached it, as method and path. */
  requests: string[];
  /** Ends every connection; the node comes again. */
  cut(): void;
  /** Ends every connection and takes none until it is up again. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** The certificate that it shows from now on, instead of its own. */
  show(pair: { key: string; cert: string }): void;
  /** Asks the real node, as its partner. */
  ask(member: Member, request: Request): Promise<Response>;
}

/** Makes keys and certificate by `entente init`, as for any agency. */
export async function initRogue(folder: string, id: string, port: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const answers = join(folder, 'answers.json');
  const database = join(folder, 'no.url');
  await writeFile(database, 'postgres://nobody:none@127.0.0.1:1/none', { mode: 0o600 });
  await writeFile(
    answers,
    JSON.stringify({
      entity_id: id,
      name: 'An agency that keeps to no rule (invented)',
      country: 'QX',
      agency_type: 'CUS',
      federation_host: '127.0.0.1',
      federation_port: port,
      public_url: `https://127.0.0.1:${port}`,
      agency_host: '127.0.0.1',
      agency_port: port,
      database_url_file: database,
      database_owner_url_file: database,
      trial: true,
    }),
  );
  await runProgram(programs.cli, ['init', '--answers', answers, '--json', join(folder, 'agency')]);
}

/** Partners may be several: each is let in by its certificate. */
export async function startRogue(base: string, id: string, ...members: Pick<Member, 'agency'>[]): Promise<Rogue> {
  const server = https.createServer();
  const [port] = (await freePorts(1)) as [number];
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const folder = join(base, 'agency');
  await initRogue(base, id, port);
  const secret = (name: string) => readFile(join(folder, 'secrets', 'keys', name), 'utf8');
  const [key, cert, configuration] = await Promise.all([
    secret('tls.key.pem'),
    secret('tls.cert.pem'),
    readFile(join(folder, 'entity-configuration.jwt'), 'utf8'),
  ]);
  const uses = ['federation', 'statement', 'release', 'log'] as const;
  const signers = new Map<Use, Signer>(
    await Promise.all(uses.map(async (use) => [use, nodeSigner(JSON.parse(await secret(`${use}.json`)) as PrivateJwk)] as const)),
  );
  const signer = (use: Use): Signer => signers.get(use)!;

  const show = (pair: { key: string; cert: string }) =>
    server.setSecureContext({ ...pair, ca: members.map(({ agency }) => agency.tls.certificate), minVersion: 'TLSv1.3' });
  show({ key, cert });
  // As TCP accepts them: one that is still shaking hands must be cut, too.
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });

  const waiting: ((poll: Poll) => void)[] = [];
  let open: { poll: Poll; response: ServerResponse } | undefined;
  const rogue: Rogue = {
    id,
    folder,
    port,
    configuration: configuration.trim(),
    thumbprint: inspectEntityConfiguration(configuration.trim()).kid,
    tls: { key, cert },
    signer,
    publish: async (change) => {
      const published = inspectEntityConfiguration(rogue.configuration).configuration;
      rogue.configuration = await signEntityConfiguration({ ...published, ...change(published) }, signer('federation'));
    },
    offer: async (answer) => {
      await rogue.polled();
      const { response } = open!;
      open = undefined;
      send(response, typeof answer === 'string' ? answer : JSON.stringify({ sets: {}, ...answer }));
      return await rogue.polled();
    },
    polled: async () => open?.poll ?? (await new Promise<Poll>((resolve) => waiting.push(resolve))),
    voids: [],
    answers: new Map(),
    requests: [],
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    down: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      rogue.cut();
      await closed;
    },
    show,
    up: () => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
    ask: (to, request) => ask(to, { key, cert }, request),
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await rogue.down();
    },
  };

  async function answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.replace('/federation/v1', '');
    rogue.requests.push(`${request.method} ${path}`);
    if (path === '/configuration') return send(response, rogue.configuration);
    if (path.startsWith('/feed/voids')) return send(response, JSON.stringify({ voids: rogue.voids }));
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (range && rogue.attachment) return sendPiece(response, rogue.attachment, Number(range[1]), Number(range[2]));
    if (path !== '/feed/poll') {
      const said = [...rogue.answers].find(([begin]) => path.startsWith(begin))?.[1](path, await bodyOf(request));
      return send(response, said?.text ?? '{"code":"not_found"}', said ? (said.status ?? 200) : 404);
    }
    const poll = JSON.parse(await bodyOf(request)) as Poll;
    open = { poll, response };
    response.once('close', () => {
      if (open?.response === response) open = undefined;
    });
    for (const resolve of waiting.splice(0)) resolve(poll);
  }
  server.on('request', (request, response) => void answerRequest(request, response).catch(() => response.destroy()));
  return rogue;
}

function sendPiece(response: ServerResponse, attachment: NonNullable<Rogue['attachment']>, from: number, to: number): void {
  const { bytes, of } = attachment(from, to);
  response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${of}` }).end(bytes);
}

const send = (response: ServerResponse, text: string, status = 200): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(text);

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** One request on one connection to the federation listener of a real node. Rejects when the connection is refused. */
export async function ask(member: Member, own: { key: string; cert: string }, request: Request): Promise<Response> {
  const { method = 'POST', base = '/federation/v1', path, body, headers = {}, tls = {} } = request;
  const text =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? (body as string | undefined) : JSON.stringify(body);
  return await new Promise((resolve, reject) => {
    const call = https.request(
      {
        host: '127.0.0.1',
        port: member.agency.ports.federation,
        path: `${base}${path}`,
        method,
        headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        agent: false,
        ca: [member.agency.tls.certificate],
        checkServerIdentity: () => undefined,
        ...own,
        ...tls,
      },
      (response) => {
        bodyOf(response).then(
          (answer) => resolve({ status: response.statusCode!, type: response.headers['content-type'], text: answer, json: jsonOf(answer) }),
          reject,
        );
      },
    );
    call.once('error', reject);
    call.end(text);
  });
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Pinned by the node's administrator, as every partner is. */
export const befriend = (rogue: Rogue, member: Member): Promise<unknown> => member.api.addPeer(rogue.configuration, rogue.thumbprint);

/** Signed by those named, and taken in by the node; the agreement's name as releases say it. */
export async function agreeOn(
  member: Member,
  payload: AgreementPayload,
  signers: { id: string; folder: string }[],
): Promise<{ id: string; version: number; digest: string }> {
  let jws: string | undefined;
  for (const { id, folder } of signers) {
    const key = JSON.parse(await readFile(join(folder, 'secrets', 'keys', 'federation.json'), 'utf8')) as PrivateJwk;
    jws = await signAgreement(jws ?? payload, { party: id, signer: nodeSigner(key) });
  }
  const { data } = await member.api.addAgreement(jws!);
  const { id, version, digest } = data!;
  return { id, version, digest };
}
