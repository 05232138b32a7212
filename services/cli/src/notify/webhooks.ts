import type { Webhook } from '../answers.js';
import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { type Columns, listing } from '../table.js';

export const addWebhook: Act<ConnectionOptions & { event: string[] }> = async (options, [url = '']) => {
  const { data } = await (await connect(options, 'ADMIN')).POST('/v1/webhooks', { body: { url, events: options.event as never } });
  return {
    result: { ...data },
    words: [`Webhook ${data?.id} is told from now on.`, `Its secret, shown now and never again: ${data?.secret}`],
  };
};

const columns: Columns<Webhook> = {
  ID: (w) => w.id,
  ADDRESS: (w) => w.url,
  EVENTS: (w) => w.events.join(' '),
  STATE: (w) => w.state,
  'LAST TAKEN': (w, show) => show.time(w.delivered_at),
  FAILING: (w) => w.failing && `${w.failing.attempts} times, ${w.failing.failure}`,
};

export const listWebhooks: Act<ConnectionOptions> = async (options) => {
  const { data } = await (await connect(options, 'ADMIN')).GET('/v1/webhooks');
  return { result: { ...data }, words: listing(data?.items ?? [], columns, { none: 'No webhooks yet: `entente webhook add`.' }) };
};

const setting =
  (state: 'active' | 'paused'): Act<ConnectionOptions> =>
  async (options, [id = '']) => {
    const { data } = await (await connect(options, 'ADMIN')).PATCH('/v1/webhooks/{id}', { params: { path: { id } }, body: { state } });
    return { result: { ...data }, words: [`Webhook ${id} is ${data?.state} now.`] };
  };
export const pauseWebhook = setting('paused');
export const resumeWebhook = setting('active');

export const removeWebhook: Act<ConnectionOptions> = async (options, [id = '']) => {
  await (await connect(options, 'ADMIN')).DELETE('/v1/webhooks/{id}', { params: { path: { id } } });
  return { result: { id, state: 'removed' }, words: [`Webhook ${id} is gone.`] };
};
