/** The two logs, leaf by leaf. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { closed } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { epochMember, fromQuery, logMember, nextOf, nextPosition, position, read, tags } from './shapes.js';

export function entryRoutes(app: App, { store }: { store: Pick<Store, 'log' | 'leaves' | 'accessEntries'> }): void {
  app.get(
    '/audit/v1/entries',
    {
      ...read,
      schema: {
        operationId: 'auditEntries',
        summary: 'Leaves of a log',
        description:
          'As text, byte for byte what was hashed. What no checkpoint covers yet stands in random places of the open block, with free ones between.',
        tags,
        querystring: Type.Object({ ...logMember, ...epochMember, ...fromQuery }, closed),
        response: responses({
          200: Type.Object(
            {
              log: Type.String(),
              epoch: Type.Integer(),
              items: Type.Array(
                Type.Object({
                  position,
                  leaf: Type.String({
                    description: 'Canonical JSON (RFC 8785).',
                    examples: ['{"at":"2031-05-02T08:15:00Z","n":"...","op":"issued","v":1}'],
                  }),
                }),
              ),
              next: nextPosition,
            },
            { description: 'Leaves.' },
          ),
        }),
      },
    },
    async (request) => {
      const { log = 'exchange', from = 0, limit = 500 } = request.query;
      const { epoch = (await store.log(log)).epoch } = request.query;
      const leaves = await store.leaves(log, epoch, from, limit);
      return {
        log,
        epoch,
        items: leaves.map(({ position, leaf }) => ({ position, leaf: Buffer.from(leaf).toString('utf8') })),
        ...nextOf(leaves, limit),
      };
    },
  );

  app.get(
    '/audit/v1/access',
    {
      ...read,
      schema: {
        operationId: 'auditAccess',
        summary: 'Who looked at what, and why',
        description:
          "This node's own access log. Each leaf of its tree is the digest of salt and entry; the text of an old entry may be gone, its leaf stays.",
        tags,
        querystring: Type.Object({ ...epochMember, ...fromQuery }, closed),
        response: responses({
          200: Type.Object(
            {
              items: Type.Array(
                Type.Object({
                  position,
                  salt: Type.String({ description: 'base64url' }),
                  entry: Type.Union([Type.String(), Type.Null()], {
                    description: 'Text of the entry (JSON); null once its retention is over.',
                  }),
                }),
              ),
              next: nextPosition,
            },
            { description: 'Access log.' },
          ),
        }),
      },
    },
    async (request) => {
      const { from = 0, limit = 500 } = request.query;
      const { epoch = (await store.log('access')).epoch } = request.query;
      const entries = await store.accessEntries(epoch, from, limit);
      return {
        items: entries.map((e) => ({ position: e.position, salt: Buffer.from(e.salt).toString('base64url'), entry: e.entry })),
        ...nextOf(entries, limit),
      };
    },
  );
}
