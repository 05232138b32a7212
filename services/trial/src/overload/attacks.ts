/** What a partner can do to a node that trusts its certificate: every attack goes on until it is stopped, and counts what it tried. */
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import tls, { type TLSSocket } from 'node:tls';

export interface Target {
  port: number;
  /** Certificate of the node. */
  ca: string;
  /** Of the hostile partner. */
  key: string;
  cert: string;
  /** Where its connections come from. */
  localAddress?: string;
}

export type Attack = (target: Target, stop: AbortSignal) => Promise<number>;

const PATH = '/federation/v1/feed/poll';
const AT_ONCE = 8;

/** Polls on kept connections, each followed at once by the next; nothing of what is given is ever receipted. */
const flood: Attack = (target, stop) =>
  onKeptConnections(AT_ONCE, stop, (agent) => ask(target, agent, '{"returnImmediately":true,"maxEvents":500}'));

/** More polls than anybody needs, all of them held. */
const heldPolls: Attack = (target, stop) => onKeptConnections(64, stop, (agent) => ask(target, agent, '{"maxEvents":500}'));

/** Bodies of the largest size that mean nothing: brackets, and a billion laughs in JSON. */
const deepBodies: Attack = (target, stop) => onKeptConnections(2, stop, (agent) => ask(target, agent, '['.repeat(4 * 1024 * 1024)));

/** A body that is small until somebody unpacks it. */
const bombs: Attack = (target, stop) => onKeptConnections(1, stop, (agent) => ask(target, agent, '{}', { 'content-encoding': 'gzip' }));

/** A handshake, and away. */
const handshakes: Attack = (target, stop) =>
  loop(AT_ONCE, stop, async () => {
    const socket = await connected(target).catch(() => undefined);
    socket?.destroy();
  });

/** Headers that come a byte at a time and never end. */
const slowHeaders: Attack = (target, stop) =>
  loop(32, stop, async () => {
    const socket = await connected(target).catch(() => undefined);
    if (socket === undefined) return;
    socket.write(`POST ${PATH} HTTP/1.1\r\nhost: node\r\nx-slow: `);
    while (!socket.destroyed && !stop.aborted) {
      socket.write('x');
      await pause(500);
    }
    socket.destroy();
  });

export const attacks: Readonly<Record<string, Attack>> = { flood, heldPolls, deepBodies, bombs, handshakes, slowHeaders };

async function onKeptConnections(many: number, stop: AbortSignal, act: (agent: https.Agent) => Promise<unknown>): Promise<number> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: many });
  stop.addEventListener('abort', () => agent.destroy(), { once: true });
  return await loop(many, stop, () => act(agent));
}

/** Refused connections come back at once; a thousand tries a second and worker are enough. */
async function loop(workers: number, stop: AbortSignal, act: () => Promise<unknown>): Promise<number> {
  let tried = 0;
  const work = async () => {
    while (!stop.aborted) {
      tried += 1;
      await act().catch(() => undefined);
      await pause(1);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return tried;
}

/** The status, 0 when the connection broke. */
export function ask(
  target: Target,
  agent: https.Agent | false,
  body: string,
  headers: Record<string, string> = {},
  path = PATH,
): Promise<number> {
  const { port, ca, key, cert, localAddress } = target;
  return new Promise((resolve) => {
    const request = https.request(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        path,
        agent,
        ca,
        key,
        cert,
        checkServerIdentity: () => undefined,
        headers: { 'content-type': 'application/json', ...headers },
        ...(localAddress && { localAddress }),
      },
      (response) => {
        response.resume().once('close', () => resolve(response.statusCode!));
      },
    );
    request.once('error', () => resolve(0)).end(body);
  });
}

/** @throws when it is refused before or in the handshake */
export function connected({ port, ca, key, cert, localAddress }: Target): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, ca, key, cert, checkServerIdentity: () => undefined, ...(localAddress && { localAddress }) };
    const socket = tls.connect(options, () => resolve(socket));
    socket.on('error', reject);
  });
}
