/** Server-sent events (WHATWG HTML, section 9.2), read from the store as fast as the listener takes them: what waits for him lies there. */
import type { Store } from '@entente/store';
import { eventDataOf } from './events.js';
import type { News } from './news.js';

const PAGE = 100;
const RECONNECT_MS = 2_000;

/** Without an end but `signal`. Every message has the place to go on from as its id. */
export async function* eventStream(o: {
  store: Pick<Store, 'happenings'>;
  news: News;
  after: string;
  wanted: (event: string) => boolean;
  heartbeatMs: number;
  signal: AbortSignal;
}): AsyncGenerator<string> {
  let { after } = o;
  yield `retry: ${RECONNECT_MS}\nid: ${after}\n\n`;
  while (!o.signal.aborted) {
    const at = o.news.at();
    const { items, next } = await o.store.happenings({ after, limit: PAGE });
    for (const one of items) {
      if (o.wanted(one.event)) yield `id: ${one.cursor}\nevent: ${one.event}\ndata: ${JSON.stringify(eventDataOf(one))}\n\n`;
    }
    const moved = next !== after;
    after = next;
    if (moved) continue;
    await o.news.past(at, o.heartbeatMs, o.signal);
    // The place without an event: a listener to whom little is told does not read everything again.
    yield `: \nid: ${after}\n\n`;
  }
}
