/** What one peer asks must not take the place of others: each has its pace, and so many requests under way. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { paceOf } from '../http/pace.js';
import { Problem } from '../problem.js';

/** Held polls are among them. A partner that keeps to the protocol has one poll, and a few requests beside it. */
const UNDER_WAY = 32;
/** Requests that come too fast wait so long for their turn: whoever polls under load gets more with each poll instead. Milliseconds. */
const PATIENCE_MS = 5_000;
const AGAIN_AFTER_SECONDS = 1;

/** Call it when `request.peer` is known. @throws Problem `too_many_requests` */
export function limitPeers(perMinute: number): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const pace = paceOf({ perMinute, burst: Math.ceil(perMinute / 6) });
  const underWay = new Map<string, number>();

  function begin({ peer }: FastifyRequest, { raw }: FastifyReply): void {
    underWay.set(peer, (underWay.get(peer) ?? 0) + 1);
    raw.once('close', () => {
      const left = underWay.get(peer)! - 1;
      if (left > 0) underWay.set(peer, left);
      else underWay.delete(peer);
    });
  }

  return async (request, reply) => {
    if ((underWay.get(request.peer) ?? 0) >= UNDER_WAY) {
      reply.header('connection', 'close'); // and with it everything that was sent ahead
      throw new Problem('too_many_requests', 'too much of yours is under way', { retryAfter: AGAIN_AFTER_SECONDS });
    }
    begin(request, reply);
    const wait = pace.take(request.peer, PATIENCE_MS);
    if (wait > 0) await pause(Math.min(wait, PATIENCE_MS));
    if (wait > PATIENCE_MS) throw new Problem('too_many_requests', 'you ask too often', { retryAfter: Math.ceil(wait / 1000) });
  };
}
