import { followEvents } from '@entente/client';
import type { Act } from '../command.js';
import { access, type ConnectionOptions } from '../node-connection.js';

interface EventOptions extends ConnectionOptions {
  event?: string[];
  after?: string;
  count?: number;
}

/** `entente events`: until enough were heard, or the program is stopped. */
export const followNode: Act<EventOptions> = async (options, _args, { terminal }) => {
  const { url, token } = await access(options, 'ANALYST');
  const stop = new AbortController();
  const events = followEvents(
    { baseUrl: url, token },
    { signal: stop.signal, ...(options.event && { events: options.event }), ...(options.after !== undefined && { after: options.after }) },
  );
  let heard = 0;
  for await (const event of events) {
    terminal.print(JSON.stringify(event));
    heard += 1;
    if (heard === options.count) break;
  }
  stop.abort();
  return {};
};
