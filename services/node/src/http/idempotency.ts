/** Header Idempotency-Key: the same post again gives the same answer and is done once. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Idempotency } from '../agency/acts.js';

export const idempotencyHeader = {
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{8,200}$',
      description:
        'A name for this post, chosen by the caller: sent again with the same body it changes nothing and gets the first answer.',
      examples: ['7f0c9d62-5a0e-4b47-9b7c-0a1f5b7f3f10'],
    }),
  ),
};

/** The key belongs to the caller, and to this very request: another body under it is refused. */
export function idempotencyOf(request: FastifyRequest): { idempotency?: Idempotency } {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return {};
  const hash = createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(request.rawBody ?? '');
  return { idempotency: { key, requestHash: hash.digest() } };
}
