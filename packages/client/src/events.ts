import type { ClientOptions } from './client.js';
import { UnreachableError } from './problem.js';
import { openStream, textLines } from './stream.js';

/** Names of what happened; content is read where it is kept. */
export interface NodeEvent {
  /** Where to go on from: `after` of the next connection. */
  id: string;
  event: string;
  data: { peer: string; kind?: string; release?: string; statement?: string; code?: string; at: string };
}

export interface ListenOptions {
  /** Id of the last event that was dealt with; without it begins with what happens from now on. */
  after?: string;
  /** Names of events; all that the roles allow, unless told. */
  events?: string[];
  signal?: AbortSignal;
  /** Called with the place to go on from, when connected and at each heartbeat. */
  onPlace?: (id: string) => void;
}

/** One connection, until it ends. */
export async function* listenEvents(
  options: ClientOptions,
  { after, events = [], signal, onPlace }: ListenOptions = {},
): AsyncGenerator<NodeEvent> {
  const query = new URLSearchParams(events.map((event): [string, string] => ['event', event]));
  const body = await openStream(options, `/v1/events${events.length > 0 ? `?${query}` : ''}`, {
    headers: { accept: 'text/event-stream', ...(after !== undefined && { 'last-event-id': after }) },
    ...(signal && { signal }),
  });
  let message: Record<string, string> = {};
  for await (const line of textLines(body)) {
    const [, field, value] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (field) message[field] = value!;
    if (line !== '') continue;
    const { id, event, data } = message;
    message = {};
    if (id && event && data) yield { id, event, data: JSON.parse(data) as NodeEvent['data'] };
    else if (id) onPlace?.(id);
  }
}

const RECONNECT_MS = 2_000;

/** Over any number of connections, nothing lost between them. Ends with `signal`; throws when the node refuses. */
export async function* followEvents(options: ClientOptions, { after, onPlace, ...how }: ListenOptions = {}): AsyncGenerator<NodeEvent> {
  let place = after;
  const keep = (id: string) => {
    place = id;
    onPlace?.(id);
  };
  while (!how.signal?.aborted) {
    try {
      for await (const event of listenEvents(options, { ...how, ...(place !== undefined && { after: place }), onPlace: keep })) {
        yield event;
        place = event.id;
      }
    } catch (error) {
      if (how.signal?.aborted) return;
      if (!(error instanceof UnreachableError || error instanceof TypeError)) throw error; // a body that breaks off is a TypeError
    }
    await new Promise((resume) => setTimeout(resume, RECONNECT_MS));
  }
}
