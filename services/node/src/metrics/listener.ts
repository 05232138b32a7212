/** Where Prometheus reads: a port of its own, on this machine unless a token guards it. Its labels tell who the partners are, so it is no part of the open routes. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readSecret } from '../config/load.js';
import type { Config } from '../config/schema.js';
import type { Metrics } from './registry.js';

export interface MetricsListener extends AsyncDisposable {
  url: string;
}

/** A scrape costs a few queries: one at a time is enough for any number of readers. */
export async function listenForMetrics(config: NonNullable<Config['metrics']>, metrics: Metrics): Promise<MetricsListener> {
  const expected = config.token_file === undefined ? undefined : digest(`Bearer ${readSecret(config.token_file)}`);
  let scrape: Promise<string> | undefined;
  const server = createServer((request, response) => {
    const answer = (status: number, text: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
    if (expected && !timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      response.setHeader('www-authenticate', 'Bearer');
      answer(401, 'a bearer token is asked for\n');
    } else if (request.method !== 'GET' || request.url !== '/metrics') answer(404, 'there is nothing but GET /metrics\n');
    else {
      scrape ??= metrics.text().finally(() => {
        scrape = undefined;
      });
      scrape.then(
        (text) => answer(200, text, metrics.contentType),
        () => answer(503, 'the database does not answer\n'),
      );
    }
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(config.port, config.host, resolve));
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
