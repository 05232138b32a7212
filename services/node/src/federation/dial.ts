/** Calls to a peer: TLS 1.3 with our certificate, and only to a server that shows a certificate which this peer published. docs/protocol.md section 3. */

import { parseStrict } from '@entente/seal';
import type { PeerRecord } from '@entente/store';
import { Agent, type Dispatcher } from 'undici';
import { timeLimit } from '../time-limit.js';
import type { TlsIdentity } from './listener.js';

/** The largest answer that is read, after decompression (docs/protocol.md section 3). */
const ANSWER_LIMIT = 8 * 1024 * 1024 + 64 * 1024;

export class PeerUnreachable extends Error {
  constructor(
    readonly peer: string,
    readonly reason: string,
  ) {
    super(`${peer} cannot be reached: ${reason}`);
  }
}

/** The peer answered, and refused. `code` is attacker-controlled: log it cut, never act on it. */
export class PeerRefused extends Error {
  constructor(
    readonly peer: string,
    readonly status: number,
    readonly code: string,
  ) {
    super(`${peer} refused: ${status} ${code}`);
  }
}

export interface Dial {
  json(method: 'GET' | 'POST', path: string, body?: unknown, options?: { signal?: AbortSignal; timeout?: number }): Promise<unknown>;
  text(path: string): Promise<string>;
  /** With the time by the peer's clock, seconds since the epoch, where it says one. */
  dated(path: string): Promise<{ text: string; date?: number }>;
  /** Bytes `from` to `to`, inclusive; undefined when the peer gives others, or of another whole. */
  piece(path: string, range: { from: number; to: number; of: number }, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Sends text and gives back whatever the peer answers, of any status: for protocols in which a refusal says something. */
  send(path: string, text: string): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

export function dial(peer: Pick<PeerRecord, 'id' | 'federationUrl' | 'certificates'>, tls: TlsIdentity): Dial {
  const pinned = new Set(peer.certificates.map((c) => c.fingerprint));
  const base = new URL(peer.federationUrl);
  const agent = new Agent({
    connections: 2,
    pipelining: 1,
    keepAliveTimeout: 60_000,
    headersTimeout: 0,
    bodyTimeout: 60_000,
    maxResponseSize: ANSWER_LIMIT,
    connect: {
      key: tls.key,
      cert: tls.certificate,
      ca: peer.certificates.map((c) => c.pem),
      minVersion: 'TLSv1.3',
      rejectUnauthorized: true,
      timeout: 10_000,
      checkServerIdentity: (_host: string, certificate: { fingerprint256: string }) =>
        pinned.has(certificate.fingerprint256) ? undefined : new Error('the server shows a certificate that this peer did not publish'),
    } as never,
  });

  async function call(
    method: 'GET' | 'POST',
    path: string,
    body: { type: string; text: string } | undefined,
    options: { signal?: AbortSignal; timeout?: number; range?: string },
  ): Promise<Dispatcher.ResponseData> {
    const timeout = timeLimit(options.timeout ?? 30_000);
    try {
      return await agent.request({
        origin: base.origin,
        path: `${base.pathname.replace(/\/$/, '')}${path}`,
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': body.type }),
          ...(options.range === undefined ? {} : { range: options.range }),
        },
        body: body?.text ?? null,
        signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      });
    } catch (error) {
      throw new PeerUnreachable(peer.id, (error as Error).message);
    }
  }

  async function bytesOf(response: Dispatcher.ResponseData): Promise<Uint8Array> {
    try {
      return new Uint8Array(await response.body.arrayBuffer());
    } catch (error) {
      throw new PeerUnreachable(peer.id, (error as Error).message);
    }
  }

  async function textOf(response: Dispatcher.ResponseData): Promise<string> {
    try {
      return await response.body.text();
    } catch (error) {
      throw new PeerUnreachable(peer.id, (error as Error).message);
    }
  }

  async function read(response: Dispatcher.ResponseData): Promise<string> {
    const text = await textOf(response);
    if (response.statusCode === 200) return text;
    throw new PeerRefused(peer.id, response.statusCode, codeOf(text));
  }

  const asJson = (body: unknown) => (body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) });
  return {
    json: async (method, path, body, options = {}) => parseStrict(await read(await call(method, path, asJson(body), options))),
    piece: async (path, { from, to, of }, signal) => {
      const response = await call('GET', path, undefined, { signal, range: `bytes=${from}-${to}` });
      if (response.statusCode !== 206) throw new PeerRefused(peer.id, response.statusCode, codeOf(await textOf(response)));
      const bytes = await bytesOf(response);
      const fits = response.headers['content-range'] === `bytes ${from}-${to}/${of}` && bytes.length === to + 1 - from;
      return fits ? bytes : undefined;
    },
    text: async (path) => read(await call('GET', path, undefined, {})),
    dated: async (path) => {
      const response = await call('GET', path, undefined, { timeout: 10_000 });
      const date = Date.parse(String(response.headers.date)) / 1000;
      return { text: await read(response), ...(Number.isFinite(date) && { date }) };
    },
    send: async (path, text) => {
      const response = await call('POST', path, { type: 'text/plain; charset=utf-8', text }, { timeout: 10_000 });
      return { status: response.statusCode, text: await textOf(response) };
    },
    close: () => agent.destroy(),
  };
}

function codeOf(text: string): string {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? code : 'unknown';
  } catch {
    return 'unknown';
  }
}
