/** The feeds between this node and one partner: signed pages, and the notes that stand for what was taken off them. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { closed } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { direction, feedQuery, jwt, PAGES_AT_ONCE, read, tags } from './shapes.js';

export function feedRoutes(
  app: App,
  { store }: { store: Pick<Store, 'feed' | 'feedIn' | 'pages' | 'pagesIn' | 'voidsFrom' | 'voidsIn'> },
): void {
  app.get(
    '/audit/v1/pages',
    {
      ...read,
      schema: {
        operationId: 'auditPages',
        summary: 'Pages of one feed',
        description:
          'The signed sequence of everything that was released in one direction. The next `from` is one more than the last position; an empty list is the end.',
        tags,
        querystring: Type.Object(feedQuery, closed),
        response: responses({
          200: Type.Object(
            { epoch: Type.Integer(), items: Type.Array(Type.Object({ first: Type.Integer(), last: Type.Integer(), jws: jwt })) },
            { description: 'Pages.' },
          ),
        }),
      },
    },
    async (request) => {
      const { peer, direction = 'out', from = 1 } = request.query;
      const { epoch = await feedEpoch(peer, direction) } = request.query;
      const read = direction === 'out' ? store.pages.bind(store) : store.pagesIn.bind(store);
      const pages = await read(peer, epoch, from, PAGES_AT_ONCE);
      return { epoch, items: pages.map(({ first, last, jws }) => ({ first, last, jws })) };
    },
  );

  app.get(
    '/audit/v1/voids',
    {
      ...read,
      schema: {
        operationId: 'auditVoids',
        summary: 'What was taken off the feeds',
        description:
          'Signed notes that stand in the place of a release: recalled or withdrawn before it left. Both directions unless one is named.',
        tags,
        querystring: Type.Object(feedQuery, closed),
        response: responses({
          200: Type.Object(
            { items: Type.Array(Type.Object({ direction, epoch: Type.Integer(), position: Type.Integer(), jwt })) },
            { description: 'Voids.' },
          ),
        }),
      },
    },
    async (request) => {
      const wanted = request.query.direction ? [request.query.direction] : (['out', 'in'] as const);
      return { items: (await Promise.all(wanted.map((one) => voidsOf(one, request.query)))).flat() };
    },
  );

  async function voidsOf(direction: 'out' | 'in', query: { peer: string; epoch?: number; from?: number }) {
    const { peer, from = 1 } = query;
    const { epoch = await feedEpoch(peer, direction) } = query;
    const voids = direction === 'out' ? await store.voidsFrom(peer, epoch, from) : await store.voidsIn(peer, epoch, from);
    return voids.map(({ position, jwt }) => ({ direction, epoch, position, jwt }));
  }

  async function feedEpoch(peer: string, direction: 'out' | 'in'): Promise<number> {
    return (direction === 'out' ? await store.feed(peer) : await store.feedIn(peer)).epoch;
  }
}
