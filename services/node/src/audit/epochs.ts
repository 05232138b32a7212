/** The epochs of this node's history. docs/protocol.md section 9.5. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { closed, time, when } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { read, tags } from './shapes.js';

export function epochRoutes(app: App, { store }: { store: Pick<Store, 'epochs'> }): void {
  app.get(
    '/audit/v1/epochs',
    {
      ...read,
      schema: {
        operationId: 'auditEpochs',
        summary: 'Every epoch, the oldest first',
        description:
          'A new key of the log begins one, and so does whatever cannot go on after a restore. The first leaf of each names the end of the log before it; what is asked for with `epoch` is of that one.',
        tags,
        querystring: Type.Object({}, closed),
        response: responses({
          200: Type.Object(
            {
              items: Type.Array(
                Type.Object({
                  epoch: Type.Integer(),
                  opened_at: time('When it began.'),
                  reason: Type.String({ description: 'Why.' }),
                  exchange: Type.Integer({ description: 'Leaves of the exchange log.' }),
                  access: Type.Integer({ description: 'Leaves of the access log.' }),
                }),
              ),
            },
            { description: 'Epochs.' },
          ),
        }),
      },
    },
    async () => ({
      items: (await store.epochs()).map(({ epoch, openedAt, reason, exchange, access }) => ({
        epoch,
        opened_at: when(openedAt),
        reason,
        exchange,
        access,
      })),
    }),
  );
}
