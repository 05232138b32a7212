/** Everything that proves one statement: what was signed, to whom it was released, what was answered. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { closed, digest, notHere, time, when } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { direction, jwt, partner, read, tags } from './shapes.js';

const nullable = <T extends ReturnType<typeof Type.String>>(shape: T, description: string) =>
  Type.Union([shape, Type.Null()], { description });

export function trailRoutes(app: App, { store }: { store: Pick<Store, 'statement' | 'trailOf'> }): void {
  app.get(
    '/audit/v1/statements/:digest',
    {
      ...read,
      schema: {
        operationId: 'auditTrail',
        summary: 'One statement and its releases',
        description:
          'Without disclosures: what is here verifies, and shows no content. The leaves that speak of each are found by its digest.',
        tags,
        params: Type.Object({ digest: digest('The statement.') }, closed),
        response: responses(
          {
            200: Type.Object(
              {
                digest: digest('The statement.'),
                jwt,
                own: Type.Boolean({ description: 'Signed by this node.' }),
                author: Type.Optional(Type.String({ description: 'Pseudonym of who wrote it here.' })),
                releaser: Type.Optional(Type.String({ description: 'Pseudonym of who released it here.' })),
                stored_at: time('When it was stored here.'),
                releases: Type.Array(
                  Type.Object({
                    direction,
                    peer: partner,
                    epoch: Type.Union([Type.Integer(), Type.Null()]),
                    position: Type.Union([Type.Integer(), Type.Null()], { description: 'Place on the feed.' }),
                    digest: digest('The release.'),
                    jwt: nullable(Type.String(), 'As signed; null where it was refused and not kept.'),
                    state: Type.String({ examples: ['held'] }),
                    receipt: Type.Union([Type.Object({ digest: digest('The receipt.'), jwt }), Type.Null()], {
                      description: "The recipient's signed answer.",
                    }),
                  }),
                ),
              },
              { description: 'The statement and its releases.' },
            ),
          },
          { codes: ['not_found'] },
        ),
      },
    },
    async (request) => {
      const statement = await store.statement(request.params.digest);
      if (!statement) throw notHere('statement of this digest');
      const { jwt, own, author, releaser, storedAt } = statement;
      return {
        digest: statement.digest,
        jwt,
        own,
        ...(author === undefined ? {} : { author }),
        ...(releaser === undefined ? {} : { releaser }),
        stored_at: when(storedAt),
        releases: await store.trailOf(statement.digest),
      };
    },
  );
}
