/**
 * A tap on the federation wire of one agency: peers connect here, and what passes is written down in clear.
 * It can do so only because the trial made the TLS keys of both ends; between real agencies nobody has them.
 */

import { X509Certificate } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls, { type TLSSocket } from 'node:tls';

export interface WireEnd {
  /** Short name, e.g. `nl-cus`. */
  name: string;
  key: string;
  certificate: string;
}

export interface Wire extends AsyncDisposable {
  /** Everything that this agency's node sent to `peer`, as UTF-8 text. */
  sentTo(peer: string): Promise<string>;
  /** Everything that `peer` sent to this agency's node. */
  receivedFrom(peer: string): Promise<string>;
  /** Cuts every connection now; new ones are taken as before. */
  cut(): void;
}

export async function tapWire(options: { at: number; node: number; server: WireEnd; clients: WireEnd[]; folder: string }): Promise<Wire> {
  const { server, clients, folder } = options;
  const open = new Set<TLSSocket>();
  const files = new Map<string, WriteStream>();
  const byCertificate = new Map(clients.map((client) => [fingerprint(client.certificate), client]));

  const listener = tls.createServer(
    {
      key: server.key,
      cert: server.certificate,
      ca: clients.map((c) => c.certificate),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    },
    (inward) => {
      const client = byCertificate.get(inward.getPeerX509Certificate()?.fingerprint256 ?? '');
      if (!client) return inward.destroy();
      pass(inward, outward(client), client.name);
    },
  );
  listener.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(options.at, '127.0.0.1', resolve));

  function outward(client: WireEnd): TLSSocket {
    return tls.connect({
      host: '127.0.0.1',
      port: options.node,
      key: client.key,
      cert: client.certificate,
      ca: [server.certificate],
      minVersion: 'TLSv1.3',
      checkServerIdentity: (_host, certificate) =>
        certificate.fingerprint256 === fingerprint(server.certificate) ? undefined : new Error('another server than the tapped one'),
    });
  }

  function pass(inward: TLSSocket, onward: TLSSocket, client: string): void {
    forward(inward, onward, file(client, server.name));
    forward(onward, inward, file(server.name, client));
  }

  function forward(from: TLSSocket, to: TLSSocket, copy: WriteStream): void {
    open.add(from);
    from.on('data', (chunk: Buffer) => {
      copy.write(chunk);
      if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      open.delete(from);
      to.destroy();
    });
  }

  function file(from: string, to: string): WriteStream {
    const path = captureFile(folder, from, to);
    const known = files.get(path);
    if (known) return known;
    const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    files.set(path, stream);
    return stream;
  }

  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    sentTo: (peer) => captured(folder, server.name, peer),
    receivedFrom: (peer) => captured(folder, peer, server.name),
    cut,
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => listener.close(resolve));
      await Promise.all([...files.values()].map((stream) => new Promise((resolve) => stream.end(resolve))));
    },
  };
}

const notTapped = (): never => {
  throw new Error('this wire is not tapped');
};

/** Where partners reach each other directly. */
export const untapped: Wire = {
  sentTo: notTapped,
  receivedFrom: notTapped,
  cut: notTapped,
  [Symbol.asyncDispose]: async () => undefined,
};

const captureFile = (folder: string, from: string, to: string): string => join(folder, `${from}-to-${to}.wire`);

const captured = (folder: string, from: string, to: string): Promise<string> =>
  readFile(captureFile(folder, from, to), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });

const fingerprint = (pem: string): string => new X509Certificate(pem).fingerprint256;
