/** Notifications as server-sent events: a program or a browser that listens hears of what happens without asking. */

import { Readable } from 'node:stream';
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { responses, textAnswer } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { eventStream } from '../subscriptions/event-stream.js';
import { eventMeanings, eventName, mayBeTold } from '../subscriptions/events.js';
import type { News } from '../subscriptions/news.js';
import { timeLimit } from '../time-limit.js';
import { closed } from './shapes.js';

const HEARTBEAT_MS = 15_000;
/** Each one reads the database at every happening. */
const MOST_LISTENERS = 100;

const place = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{16}$', description, examples: ['AAAAAAAAAAcAAAAB'] }));

export function eventRoutes(app: App, deps: { store: Pick<Store, 'happenings' | 'happeningsFrom'>; news: News; now: () => number }): void {
  const closing = new AbortController();
  let listeners = 0;
  app.addHook('preClose', async () => closing.abort());

  app.get(
    '/v1/events',
    {
      config: { permission: 'event.read' },
      schema: {
        operationId: 'listenEvents',
        summary: 'Hear of what happens',
        description: [
          `Server-sent events. ${eventMeanings}. The data of an event are names, never content: \`{"peer", "kind", "release", "statement", "code", "at"}\`; the caller's roles decide which events he gets.`,
          'Every event has an id. With the last one in the header last-event-id, or in `after`, the next connection begins behind it: nothing is lost between two connections, however long. Without it begins with what happens from now on. The stream ends with the token.',
        ].join('\n\n'),
        tags: ['Notifications'],
        querystring: Type.Object(
          {
            after: place('Id of the last event that was heard, where the header cannot be set.'),
            event: Type.Optional(Type.Array(eventName, { uniqueItems: true, maxItems: 20, description: 'Only these.' })),
          },
          closed,
        ),
        headers: Type.Object({ 'last-event-id': place('Id of the last event that was heard; a browser sends it by itself.') }),
        response: responses({ 200: textAnswer('text/event-stream', 'Without an end.') as never }, { codes: ['bad_cursor'] }),
      },
    },
    async (request, reply) => {
      if (listeners >= MOST_LISTENERS) throw new Problem('too_many_requests', 'too many listen already', { retryAfter: 30 });
      const after = await deps.store.happeningsFrom(request.headers['last-event-id'] ?? request.query.after);
      const { roles, until } = request.standing;
      const only = request.query.event;
      const stream = Readable.from(
        eventStream({
          ...deps,
          after,
          wanted: (event) => mayBeTold(roles, event) && (only === undefined || only.includes(event as never)),
          heartbeatMs: HEARTBEAT_MS,
          signal: AbortSignal.any([closing.signal, aborted(reply.raw), timeLimit(Math.max(0, until - deps.now()) * 1000)]),
        }),
        { objectMode: false },
      );
      listeners += 1;
      stream.once('close', () => {
        listeners -= 1;
      });
      return reply
        .headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(stream as never);
    },
  );
}

function aborted(response: { once(event: 'close', listener: () => void): unknown }): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}
