/** What runs out, for the administrator: the same list that the log, the metrics and `entente doctor` go by. */
import { Type } from 'typebox';
import { entityId, time, when } from '../agency/shapes.js';
import { ANNOUNCED_DAYS, daysLeft, type Expiry } from '../expiry/expiries.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';

const expiry = Type.Object(
  {
    what: Type.Enum(['certificate', 'key', 'configuration', 'agreement']),
    owner: entityId('Whose it is: of this agency, or of the partner who has to see to it.'),
    name: Type.String({ description: 'Fingerprint of the certificate, use of the key, id of the agreement.' }),
    expires_at: time('When it ends.'),
    days: Type.Integer({ description: 'Whole days until then; negative when it has ended.' }),
    soon: Type.Boolean({ description: `It ends within ${ANNOUNCED_DAYS} days, or has ended.` }),
  },
  { description: 'Something that the exchange needs, and that ends.' },
);

export function expiryRoutes(app: App, deps: { expiries: () => Expiry[]; now: () => number }): void {
  app.get(
    '/v1/expiries',
    {
      config: { permission: 'delivery.read' },
      schema: {
        operationId: 'listExpiries',
        summary: 'What runs out, and when',
        description:
          'Certificates, keys, entity configurations and agreements of this node and of its partners, the soonest first. Whoever subscribes to `expiry.near` is told of each 30 days ahead.',
        tags: ['Administration'],
        response: responses({ 200: Type.Object({ items: Type.Array(expiry) }, { description: 'The soonest first.' }) }),
      },
    },
    async () => ({
      items: deps.expiries().map(({ expiresAt, ...item }) => ({
        ...item,
        expires_at: when(expiresAt),
        days: daysLeft(expiresAt, deps.now()),
      })),
    }),
  );
}
