#!/usr/bin/env node
/** The plain comparison as a process of its own: takes a body and stores it, and does nothing else. Speaks TLS 1.3 on a second port for bare round trips. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { openFloor } from './floor.js';

const [urlFile, keyFile, certificateFile, connections] = process.argv.slice(2) as [string, string, string, string];

const floor = await openFloor(readFileSync(urlFile, 'utf8').trim(), Number(connections));
const app = Fastify({ bodyLimit: 1_048_576 });
app.post('/alerts', async (request, reply) => {
  await floor.store(request.body);
  return reply.status(201).send({ stored: true });
});
await app.listen({ host: '127.0.0.1', port: 0 });

const bare = createServer(
  { key: readFileSync(keyFile), cert: readFileSync(certificateFile), minVersion: 'TLSv1.3' },
  (request, response) => {
    request.resume().on('end', () => response.end('{}'));
  },
);
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));

const port = (address: unknown): number => (address as AddressInfo).port;
process.stdout.write(`${JSON.stringify({ http: port(app.server.address()), https: port(bare.address()) })}\n`);

process.once('SIGTERM', () => {
  bare.closeAllConnections();
  bare.close();
  void app.close().then(() => floor[Symbol.asyncDispose]());
});
