/** How the exchange with each partner stands: what waits, what was refused, what is missing. */
import type { PeerRecord, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import type { DeliverActs } from './acts.js';
import { digest, entityId, present, time, when } from './shapes.js';

const feed = Type.Object(
  {
    peer: entityId('The partner.'),
    name: Type.String(),
    state: Type.Enum(['active', 'suspended', 'removed']),
    last_heard_at: Type.Optional(time('When it last asked or answered.')),
    outgoing: Type.Object(
      {
        epoch: Type.Integer(),
        released: Type.Integer({ description: 'Positions given out.' }),
        paged: Type.Integer({ description: 'Positions on a signed page.' }),
        queued: Type.Integer({ description: 'Not yet answered.' }),
        refused: Type.Integer({ description: 'Refused by the partner.' }),
        last_receipt_at: Type.Optional(time('When its last receipt came.')),
      },
      { description: 'From this node to the partner.' },
    ),
    incoming: Type.Object(
      {
        epoch: Type.Integer(),
        last: Type.Integer({ description: 'Last position on the pages that were accepted.' }),
        complete: Type.Boolean({ description: 'False: the partner announced what it did not give, or gave what it did not announce.' }),
        missing: Type.Array(Type.Object({ position: Type.Integer(), release: digest('What was announced.') }), {
          description: 'On a page, and neither received nor void.',
        }),
        unannounced: Type.Array(Type.Object({ release: digest('What was given.'), received_at: time('When.') }), {
          description: 'Received, and on no page within the time agreed.',
        }),
      },
      { description: 'From the partner to this node.' },
    ),
  },
  { description: 'The two feeds between this node and one partner.' },
);

export function feedRoutes(
  app: App,
  deps: {
    store: Pick<Store, 'peers' | 'feed' | 'feedIn' | 'feedGaps' | 'unpaged'>;
    deliver: Pick<DeliverActs, 'lastHeard'>;
    now: () => number;
    mergeDelaySeconds: number;
  },
): void {
  const { store, deliver } = deps;

  app.get(
    '/v1/feeds',
    {
      config: { permission: 'delivery.read' },
      schema: {
        operationId: 'listFeeds',
        summary: 'How the exchange stands',
        description: 'Per partner and direction, with what is missing by position.',
        tags: ['Delivery'],
        response: responses({ 200: Type.Object({ items: Type.Array(feed) }, { description: 'One entry per partner.' }) }),
      },
    },
    async () => ({ items: await Promise.all((await store.peers()).map(statusOf)) }),
  );

  async function statusOf(peer: PeerRecord): Promise<Static<typeof feed>> {
    const before = deps.now() - deps.mergeDelaySeconds;
    const [out, inward, missing, unannounced] = await Promise.all([
      store.feed(peer.id),
      store.feedIn(peer.id),
      store.feedGaps(peer.id, before),
      store.unpaged(peer.id, before),
    ]);
    const heard = deliver.lastHeard(peer.id);
    return {
      peer: peer.id,
      name: peer.name,
      state: peer.state,
      ...present({ last_heard_at: heard === undefined ? undefined : when(heard) }),
      outgoing: {
        epoch: out.epoch,
        released: out.size,
        paged: out.paged,
        queued: out.queued,
        refused: out.refused,
        ...(out.lastReceiptAt !== undefined && { last_receipt_at: when(out.lastReceiptAt) }),
      },
      incoming: {
        epoch: inward.epoch,
        last: inward.last,
        complete: missing.length + unannounced.length === 0,
        missing: missing.map((gap) => ({ position: gap.position, release: gap.digest })),
        unannounced: unannounced.map((one) => ({ release: one.digest, received_at: when(one.at) })),
      },
    };
  }
}
