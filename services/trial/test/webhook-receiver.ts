/** A system of the agency that is told by webhooks: it writes down what comes, and refuses as often as the test wants. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Told {
  id: string;
  timestamp: number;
  signature: string;
  body: string;
}

export interface Receiver extends AsyncDisposable {
  url: string;
  /** Every attempt, with the status that it got. */
  attempts: (Told & { status: number })[];
  /** What the next attempts are answered with; 204 when nothing is left of it. */
  answers: number[];
}

export async function startReceiver(): Promise<Receiver> {
  const receiver: Pick<Receiver, 'attempts' | 'answers'> = { attempts: [], answers: [] };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = receiver.answers.shift() ?? 204;
      const header = (name: string) => String(request.headers[`webhook-${name}`]);
      const told = { id: header('id'), timestamp: Number(header('timestamp')), signature: header('signature') };
      receiver.attempts.push({ ...told, body: Buffer.concat(chunks).toString(), status });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** As the Standard Webhooks specification has a receiver do it. */
export function isSigned(secret: string, { id, timestamp, signature, body }: Told): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = Buffer.from(`v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`);
  return signature.split(' ').some((one) => one.length === expected.length && timingSafeEqual(Buffer.from(one), expected));
}
