/** What anybody who reaches the agency listener may ask: is it alive, is it ready, and what does the API look like. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { Problem } from '../problem.js';
import { openResponses } from './describe.js';
import { docsPage } from './docs-page.js';
import type { App } from './listener.js';

const status = (word: string) => Type.Object({ status: Type.Literal(word) }, { description: `\`${word}\`` });
const tags = ['Operation'];

export function openRoutes(app: App, deps: { store: Pick<Store, 'ready'> }): void {
  app.get(
    '/healthz',
    {
      config: { open: true },
      schema: {
        operationId: 'health',
        summary: 'Is the process alive',
        description: 'Says nothing about the database.',
        tags,
        security: [],
        response: openResponses({ 200: status('ok') }),
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { open: true },
      schema: {
        operationId: 'ready',
        summary: 'Can it do its work',
        description: 'The database answers and has the schema that this node knows.',
        tags,
        security: [],
        response: openResponses({ 200: status('ready') }),
      },
    },
    async (request) => {
      await deps.store.ready().catch((cause: unknown) => {
        request.log.error({ reason: (cause as Error).message }, 'the database is not usable');
        throw new Problem('unavailable', '');
      });
      return { status: 'ready' as const };
    },
  );

  app.get(
    '/openapi.json',
    {
      config: { open: true },
      schema: {
        operationId: 'openapi',
        summary: 'This description',
        description: 'OpenAPI 3.1.',
        tags,
        security: [],
        response: openResponses({ 200: Type.Unsafe({ type: 'object', additionalProperties: true, description: 'OpenAPI document.' }) }),
      },
    },
    async () => app.swagger() as never,
  );

  docsPage(app);
}
