/** What this node holds of the peer that asks: what the peer signed itself, given back to it alone, when its database came from a backup. docs/protocol.md section 9.5. */
import type { Store } from '@entente/store';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { ContentKeys } from '../content-keys.js';
import { allDisclosures } from '../flow/disclosures.js';
import type { Directory } from '../peers/directory.js';

const position = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const pagesQuery = Type.Object({ epoch: position, from: position }, { additionalProperties: false });
const sinceQuery = Type.Object(
  { since: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), after: Type.Optional(Type.String({ maxLength: 64 })) },
  { additionalProperties: false },
);
const afterQuery = Type.Object({ after: Type.Optional(Type.String({ maxLength: 64 })) }, { additionalProperties: false });
const PAGES_AT_ONCE = 10;
const RECEIPTS_AT_ONCE = 200;
/** The longest text of one, and an answer has 8 MiB. */
const AGREEMENTS_AT_ONCE = 20;
/** A release with its disclosures may have 1.25 MiB, and an answer 8 MiB. */
const RELEASES_AT_ONCE = 6;

export function heldRoutes(
  app: FastifyInstance,
  deps: {
    store: Pick<Store, 'agreements' | 'heldOf' | 'pagesIn' | 'receiptsFrom' | 'releasesFrom' | 'content'>;
    content: ContentKeys;
    directory: Pick<Directory, 'peer'>;
    self: string;
  },
): void {
  const { store } = deps;

  app.get('/federation/v1/held', async (request) => ({
    ...(await store.heldOf(request.peer)),
    configuration_iat: deps.directory.peer(request.peer)?.configurationIat,
  }));

  app.get<{ Querystring: Static<typeof pagesQuery> }>(
    '/federation/v1/held/pages',
    { schema: { querystring: pagesQuery } },
    async (request) => {
      const { epoch, from } = request.query;
      return { pages: (await store.pagesIn(request.peer, epoch, from, PAGES_AT_ONCE)).map(({ jws }) => jws) };
    },
  );

  app.get<{ Querystring: Static<typeof afterQuery> }>(
    '/federation/v1/held/agreements',
    { schema: { querystring: afterQuery } },
    async (request) => {
      const { after = '' } = request.query;
      const pair = [request.peer, deps.self];
      const common = (await store.agreements())
        .filter(({ payload, signedBy, digest }) => {
          const { parties } = payload as { parties: string[] };
          return digest > after && signedBy.includes(deps.self) && pair.every((party) => parties.includes(party));
        })
        .sort((a, b) => (a.digest < b.digest ? -1 : 1));
      const given = common.slice(0, AGREEMENTS_AT_ONCE);
      return {
        items: given.map(({ jws, acts }) => ({ jws, acts: acts.filter(({ party }) => pair.includes(party)).map(({ jwt }) => jwt) })),
        ...(common.length > given.length && { next: given.at(-1)!.digest }),
      };
    },
  );

  app.get<{ Querystring: Static<typeof sinceQuery> }>(
    '/federation/v1/held/receipts',
    { schema: { querystring: sinceQuery } },
    async (request) => {
      const { items, next } = await store.receiptsFrom(request.peer, { ...request.query, limit: RECEIPTS_AT_ONCE });
      return { items: items.map(({ jwt }) => jwt), ...(next !== undefined && { next }) };
    },
  );

  app.get<{ Querystring: Static<typeof sinceQuery> }>(
    '/federation/v1/held/releases',
    { schema: { querystring: sinceQuery } },
    async (request) => {
      const { items, next } = await store.releasesFrom(request.peer, { ...request.query, limit: RELEASES_AT_ONCE });
      // Disclosures that were erased here are not there to be given.
      const given = items.map(async ({ digest, jwt }) => ({ release: jwt, disclosures: await allDisclosures(deps, digest) }));
      return { items: await Promise.all(given), ...(next !== undefined && { next }) };
    },
  );
}
