/** Addresses of the agency's own systems that are told what happens, signed. An act of who leads or administers, for it sends names outside. */
import { randomBytes } from 'node:crypto';
import type { Store, WebhookRecord } from '@entente/store';
import { type Static, Type } from 'typebox';
import type { ContentKeys } from '../content-keys.js';
import { uuidV7 } from '../flow/uuid.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { type AddressPolicy, refusalOfUrl } from '../subscriptions/address.js';
import { type EventName, eventName } from '../subscriptions/events.js';
import { SECRET_BYTES, secretOf } from '../subscriptions/signature.js';
import { webhookRef } from '../subscriptions/tell.js';
import { accessEntry } from './access.js';
import { closed, notHere, present, time, uuid, when } from './shapes.js';

const url = Type.String({
  minLength: 8,
  maxLength: 2000,
  description: 'https; http to this machine only. Private networks only where the configuration says so, link-local addresses never.',
  examples: ['https://risk.customs.example/entente'],
});
const events = Type.Array(eventName, {
  minItems: 1,
  maxItems: 20,
  uniqueItems: true,
  description: 'What it is told.',
  examples: [['inbox.new']],
});
const id = uuid('The webhook.');

const members = {
  id,
  url,
  events,
  state: Type.Enum(['active', 'paused', 'dead'], {
    description: '`dead`: given up after failing for days, or because it answered 410. Set to active it goes on where it was.',
  }),
  created_by: Type.String({ description: 'Pseudonym.' }),
  created_at: time('When it was made.'),
  updated_at: time('When it was last changed by somebody.'),
  delivered_at: Type.Optional(time('When it last took something.')),
  failing: Type.Optional(
    Type.Object(
      {
        since: time('Since when.'),
        attempts: Type.Integer({ description: 'Of what comes next.' }),
        failure: Type.String({ description: 'Status of the last answer, or in a word why there was none.', examples: ['503'] }),
      },
      { description: 'What waits is tried again, ever more rarely; nothing overtakes it.' },
    ),
  ),
};
const webhook = Type.Object(members, { description: 'One address, and how far it is served.' });
const created = Type.Object(
  {
    ...members,
    secret: Type.String({ description: 'Key of the signatures (`whsec_` and base64). Shown now and never again.' }),
  },
  { description: 'The webhook, with its secret.' },
);
const parameters = Type.Object({ id }, closed);
const tags = ['Notifications'];

const webhookOf = (w: WebhookRecord): Static<typeof webhook> => ({
  id: w.id,
  url: w.url,
  events: w.events as EventName[],
  state: w.state as 'active',
  created_by: w.createdBy,
  created_at: when(w.createdAt),
  updated_at: when(w.updatedAt),
  ...present({ delivered_at: w.deliveredAt === undefined ? undefined : when(w.deliveredAt) }),
  ...(w.failingSince !== undefined && { failing: { since: when(w.failingSince), attempts: w.attempts, failure: w.failure ?? '' } }),
});

export function webhookRoutes(
  app: App,
  deps: { store: Pick<Store, 'webhooks' | 'webhook' | 'commit'>; content: Pick<ContentKeys, 'seal'>; addresses: AddressPolicy },
): void {
  const { store } = deps;

  app.post(
    '/v1/webhooks',
    {
      config: { permission: 'webhook.manage' },
      schema: {
        operationId: 'createWebhook',
        summary: 'Have an address told what happens',
        description:
          'From now on, in order, each at least once: POST of `{"type", "timestamp", "data"}` with the headers webhook-id, webhook-timestamp and webhook-signature as of the Standard Webhooks specification. The id of a message is the same at each attempt; anything but 2xx within 15 s is tried again.',
        tags,
        body: Type.Object({ url, events }, closed),
        response: responses({ 201: created }, { body: true, codes: ['webhook_refused', 'not_found'] }),
      },
    },
    async (request, reply) => {
      const { url, events } = request.body;
      requireAddress(url);
      const id = uuidV7(Date.now(), randomBytes);
      const secret = secretOf(randomBytes(SECRET_BYTES));
      await store.commit({
        webhooks: [
          { id, url, events, state: 'active', createdBy: request.actor.pseudonym, sealed: deps.content.seal([secret], webhookRef(id)) },
        ],
        access: [accessEntry(request.actor, 'ALTER', { object: `webhook ${id}`, code: 'created' })],
      });
      return reply.status(201).send({ ...webhookOf(await known(id)), secret });
    },
  );

  app.get(
    '/v1/webhooks',
    {
      config: { permission: 'webhook.manage' },
      schema: {
        operationId: 'listWebhooks',
        summary: 'Addresses that are told',
        description: 'With how each is served; without secrets.',
        tags,
        response: responses({ 200: Type.Object({ items: Type.Array(webhook) }, { description: 'In the order of their creation.' }) }),
      },
    },
    async () => ({ items: (await store.webhooks()).map(webhookOf) }),
  );

  app.get(
    '/v1/webhooks/:id',
    {
      config: { permission: 'webhook.manage' },
      schema: {
        operationId: 'getWebhook',
        summary: 'One address',
        description: 'Without its secret.',
        tags,
        params: parameters,
        response: responses({ 200: webhook }, { codes: ['not_found'] }),
      },
    },
    async (request) => webhookOf(await known(request.params.id)),
  );

  app.patch(
    '/v1/webhooks/:id',
    {
      config: { permission: 'webhook.manage' },
      schema: {
        operationId: 'changeWebhook',
        summary: 'Change an address, pause it, or go on',
        description: 'What happened meanwhile is told when it goes on: its place is kept.',
        tags,
        params: parameters,
        body: Type.Object(
          { url: Type.Optional(url), events: Type.Optional(events), state: Type.Optional(Type.Enum(['active', 'paused'])) },
          { ...closed, minProperties: 1 },
        ),
        response: responses({ 200: webhook }, { body: true, codes: ['webhook_refused', 'not_found'] }),
      },
    },
    async (request) => {
      if (request.body.url !== undefined) requireAddress(request.body.url);
      const { id, url, events, state, createdBy } = await known(request.params.id);
      // One that was given up goes on only where that is said in so many words.
      const going = request.body.state ?? (state === 'active' ? 'active' : 'paused');
      await store.commit({
        webhooks: [{ id, url: request.body.url ?? url, events: request.body.events ?? events, state: going, createdBy }],
        access: [accessEntry(request.actor, 'ALTER', { object: `webhook ${id}`, code: 'changed' })],
      });
      return webhookOf(await known(id));
    },
  );

  app.delete(
    '/v1/webhooks/:id',
    {
      config: { permission: 'webhook.manage' },
      schema: {
        operationId: 'removeWebhook',
        summary: 'Tell an address nothing more',
        description: 'Its secret is destroyed.',
        tags,
        params: parameters,
        response: responses({ 204: Type.Null({ description: 'It is gone.' }) }, { codes: ['not_found'] }),
      },
    },
    async (request, reply) => {
      const { id, url, events, createdBy } = await known(request.params.id);
      await store.commit({
        webhooks: [{ id, url, events, state: 'removed', createdBy }],
        access: [accessEntry(request.actor, 'ALTER', { object: `webhook ${id}`, code: 'removed' })],
      });
      return reply.status(204).send(null);
    },
  );

  function requireAddress(text: string): void {
    const refusal = refusalOfUrl(text, deps.addresses);
    if (refusal) throw new Problem('webhook_refused', `this address ${refusal}`);
  }

  async function known(id: string): Promise<WebhookRecord> {
    const record = await store.webhook(id);
    if (!record) throw notHere('webhook');
    return record;
  }
}
