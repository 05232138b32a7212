/** Everything that was signed here or came in signed: statements, releases, receipts. */
import type { SingleReleaseRecord, Store } from '@entente/store';
import { Type } from 'typebox';
import { digest, kindName, listOf, listQuery, pageOf, paging, present, time, when } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { direction, jwt, partner, read, tags } from './shapes.js';

const singleRelease = Type.Object(
  {
    of: digest('What one officer released alone: this statement, or the one that this recall ends.'),
    confirm_by: time('The limit.'),
    outcome: Type.Optional(Type.Enum(['confirmed', 'rejected', 'lapsed'], { description: 'Absent: nobody has decided yet.' })),
    decided_by: Type.Optional(Type.String({ description: 'Pseudonym of the other officer.' })),
  },
  { description: 'Where no second officer released it.' },
);

const singleReleaseOf = ({ statement, confirmBy, outcome, decidedBy }: SingleReleaseRecord) => ({
  of: statement,
  confirm_by: when(confirmBy),
  ...present({ outcome, decided_by: decidedBy }),
});

export function signedRoutes(
  app: App,
  { store }: { store: Pick<Store, 'statements' | 'allReleases' | 'allReceipts' | 'singleRelease'> },
): void {
  app.get(
    '/audit/v1/statements',
    {
      ...read,
      schema: {
        operationId: 'auditStatements',
        summary: 'Every statement that this node holds',
        description: 'Signed by its originator, without disclosures: it verifies, and shows no content.',
        tags,
        querystring: listQuery({
          own: Type.Optional(Type.Boolean({ description: 'True: own ones; false: received ones.' })),
          kind: Type.Optional(kindName),
        }),
        response: responses(
          {
            200: listOf(
              Type.Object({
                digest: digest('The statement.'),
                jwt,
                own: Type.Boolean(),
                kind: kindName,
                originator: partner,
                author: Type.Optional(Type.String({ description: 'Pseudonym of who wrote it; of own statements.' })),
                releaser: Type.Optional(Type.String({ description: 'Pseudonym of who released it; of own statements.' })),
                single_release: Type.Optional(singleRelease),
                stored_at: time('When it was stored here.'),
              }),
              'Statements.',
            ),
          },
          { codes: ['bad_cursor'] },
        ),
      },
    },
    async (request) => {
      const { own, kind } = request.query;
      const page = await store.statements({
        ...paging(request.query),
        ...(own !== undefined && { own }),
        ...(kind !== undefined && { kind }),
      });
      const alone = page.items.filter(({ singleRelease: of }) => of !== undefined);
      const singles = new Map(await Promise.all(alone.map(async (s) => [s, await store.singleRelease(s.singleRelease!)] as const)));
      return pageOf(page, (s) => ({
        digest: s.digest,
        jwt: s.jwt,
        own: s.own,
        kind: s.kind,
        originator: s.iss,
        ...(s.author === undefined ? {} : { author: s.author }),
        ...(s.releaser === undefined ? {} : { releaser: s.releaser }),
        ...present({ single_release: singles.get(s) && singleReleaseOf(singles.get(s)!) }),
        stored_at: when(s.storedAt),
      }));
    },
  );

  app.get(
    '/audit/v1/releases',
    {
      ...read,
      schema: {
        operationId: 'auditReleases',
        summary: 'Every release, in and out',
        description: 'What was released to whom on which terms, as signed.',
        tags,
        querystring: listQuery({}),
        response: responses(
          {
            200: listOf(
              Type.Object({
                direction,
                peer: partner,
                epoch: Type.Union([Type.Integer(), Type.Null()]),
                position: Type.Union([Type.Integer(), Type.Null()], {
                  description: 'Place on the feed; null for one that came in and is on no page yet.',
                }),
                digest: digest('The release.'),
                statement: Type.Union([digest('The statement.'), Type.Null()]),
                jwt: Type.Union([Type.String(), Type.Null()], { description: 'As signed; null where it was refused and not kept.' }),
                state: Type.String({ examples: ['held'] }),
              }),
              'Releases.',
            ),
          },
          { codes: ['bad_cursor'] },
        ),
      },
    },
    async (request) => pageOf(await store.allReleases(paging(request.query)), (r) => r),
  );

  app.get(
    '/audit/v1/receipts',
    {
      ...read,
      schema: {
        operationId: 'auditReceipts',
        summary: 'Every receipt, in and out',
        description: '`out`: signed by this node.',
        tags,
        querystring: listQuery({}),
        response: responses(
          { 200: listOf(Type.Object({ direction, peer: partner, digest: digest('The receipt.'), jwt }), 'Receipts.') },
          { codes: ['bad_cursor'] },
        ),
      },
    },
    async (request) => pageOf(await store.allReceipts(paging(request.query)), (r) => r),
  );
}
