/** That a partner's feed was given whole, shown to a third party: what the partner signed, and what became of each position. docs/protocol.md section 6. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { closed, digest, time, when } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { epochMember, jwt, PAGES_AT_ONCE, partner, read, tags, whole } from './shapes.js';

/** Everything that is on a page by now counts, whatever the merge delay: this is a statement of facts and no alarm. */
const ALL = Number.MAX_SAFE_INTEGER;

export function completenessRoutes(
  app: App,
  { store }: { store: Pick<Store, 'feedIn' | 'feedGaps' | 'movedIn' | 'unpaged' | 'pagesIn' | 'voidsIn'> },
): void {
  app.get(
    '/audit/v1/completeness',
    {
      ...read,
      schema: {
        operationId: 'auditCompleteness',
        summary: "Proof that a partner's feed was given whole",
        description:
          'Everything that a third party needs to judge it with the keys of the partner alone: its pages, contiguous from the first position to the last, each with the chain over all before it; its signed notes for what was taken off; what stands again in a later epoch; and the positions that neither came nor were taken off. The releases themselves are at /audit/v1/releases.',
        tags,
        querystring: Type.Object(
          { peer: partner, ...epochMember, from: Type.Optional(whole('First position; go on with `next`.', 1)) },
          closed,
        ),
        response: responses({
          200: Type.Object(
            {
              peer: partner,
              epoch: Type.Integer(),
              last: Type.Integer({ description: 'Last position that is on a page.' }),
              chain: digest('The chain after it.'),
              complete: Type.Boolean({ description: 'Each position came or was taken off, and nothing came that is on no page.' }),
              missing: Type.Array(Type.Object({ position: Type.Integer(), release: digest('What was announced.') }), {
                description: 'On a page, and neither received nor taken off.',
              }),
              unannounced: Type.Array(Type.Object({ release: digest('What came.'), received_at: time('When.') }), {
                description: 'Received, and on no page.',
              }),
              moved: Type.Array(
                Type.Object({
                  position: Type.Integer(),
                  release: digest('What was moved.'),
                  to: Type.Object({ epoch: Type.Integer(), position: Type.Integer() }),
                }),
                { description: 'On pages of a later epoch again: the partner came back from a backup and put it on its feed anew.' },
              ),
              voided: Type.Array(Type.Object({ position: Type.Integer(), jwt }), { description: 'Taken off, by signed notes.' }),
              pages: Type.Array(jwt, { description: 'As the partner signed them; where two contradict each other, both.' }),
              next: Type.Optional(Type.Integer({ description: 'The next `from`; absent where these are all pages.' })),
            },
            { description: 'Pages, notes, and what is missing.' },
          ),
        }),
      },
    },
    async (request) => {
      const { peer, from = 1 } = request.query;
      const { epoch = (await store.feedIn(peer)).epoch } = request.query;
      const feed = await store.feedIn(peer, epoch);
      const [gaps, moved, unannounced, pages, voids] = await Promise.all([
        store.feedGaps(peer, ALL),
        store.movedIn(peer, epoch, from),
        store.unpaged(peer, ALL),
        store.pagesIn(peer, epoch, from, PAGES_AT_ONCE),
        store.voidsIn(peer, epoch, from),
      ]);
      const missing = gaps.filter((gap) => gap.epoch === epoch);
      return {
        peer,
        epoch,
        last: feed.last,
        chain: Buffer.from(feed.chain).toString('base64url'),
        complete: missing.length + unannounced.length === 0,
        missing: missing.map(({ position, digest }) => ({ position, release: digest })),
        unannounced: unannounced.map(({ digest, at }) => ({ release: digest, received_at: when(at) })),
        moved: moved.map(({ position, digest, to }) => ({ position, release: digest, to })),
        voided: voids.map(({ position, jwt }) => ({ position, jwt })),
        pages: pages.map(({ jws }) => jws),
        ...(pages.length === PAGES_AT_ONCE && { next: pages.at(-1)!.last + 1 }),
      };
    },
  );
}
