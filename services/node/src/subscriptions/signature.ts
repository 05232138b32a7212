/** Signed webhooks as the Standard Webhooks specification 1.0 has them: id, time and body under HMAC-SHA256. */
import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
export const SECRET_BYTES = 32;

export const secretOf = (bytes: Uint8Array): string => PREFIX + Buffer.from(bytes).toString('base64');

/** `id` is the same at every attempt, so that the receiver knows what it has; `timestamp` is that of the attempt, in seconds. */
export function signedHeaders(secret: string, id: string, timestamp: number, body: string): Record<string, string> {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${mac}` };
}
