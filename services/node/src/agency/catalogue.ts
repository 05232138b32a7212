/** What can be said: kinds of statement with their schemas, and code lists. */
import { codeList, jsonSchema, kinds } from '@entente/statement';
import { Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { closed, kindName, notHere, object } from './shapes.js';

const tags = ['Catalogue'];

export function catalogueRoutes(app: App): void {
  app.get(
    '/v1/kinds',
    {
      config: { permission: 'catalogue.read' },
      schema: {
        operationId: 'listKinds',
        summary: 'Kinds of statement',
        description: 'Every kind that this node can write and read, with its version.',
        tags,
        response: responses({
          200: Type.Object(
            { items: Type.Array(Type.Object({ kind: kindName, ver: Type.String({ examples: ['1.0'] }) })) },
            { description: 'Kinds.' },
          ),
        }),
      },
    },
    async () => ({ items: [...new Set(kinds.values())].map(({ name, ver }) => ({ kind: name, ver })) }),
  );

  app.get(
    '/v1/kinds/:kind/schema',
    {
      config: { permission: 'catalogue.read' },
      schema: {
        operationId: 'getKindSchema',
        summary: 'JSON Schema of a kind',
        description: 'Of the whole input, with the data class, code list and label of each field.',
        tags,
        params: Type.Object({ kind: kindName }, closed),
        response: responses({ 200: object('JSON Schema.') }, { codes: ['not_found'] }),
      },
    },
    async (request) => {
      const kind = kinds.get(request.params.kind);
      if (!kind) throw notHere('kind');
      return jsonSchema(kind);
    },
  );

  app.get(
    '/v1/code-lists/:id',
    {
      config: { permission: 'catalogue.read' },
      schema: {
        operationId: 'getCodeList',
        summary: 'A code list',
        description: 'Codes with labels, edition and source.',
        tags,
        params: Type.Object(
          { id: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,60}$', examples: ['purpose'], description: 'As in `x-list` of a schema.' }) },
          closed,
        ),
        response: responses({ 200: object('The list.') }, { codes: ['not_found'] }),
      },
    },
    async (request) => listNamed(request.params.id) as unknown as Record<string, unknown>,
  );
}

function listNamed(id: string) {
  try {
    return codeList(id);
  } catch {
    throw notHere('code list');
  }
}
