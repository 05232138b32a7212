/** Customs declarations come in, shipments are what they say, and some become draft alerts. */
import type { ShipmentRecord, Store } from '@entente/store';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { ContentKeys } from '../content-keys.js';
import { shipmentRef } from '../flow/declaration.js';
import { responses } from '../http/describe.js';
import { idempotencyHeader, idempotencyOf } from '../http/idempotency.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { purposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { DeclarationActs } from './acts.js';
import { closed, listOf, listQuery, notHere, object, pageOf, paging, present, time, when } from './shapes.js';

const shipmentHeader = Type.Object(
  {
    id: Type.String({ examples: ['0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42'] }),
    version: Type.Integer({ minimum: 1, description: 'One more with each amendment.' }),
    state: Type.String({ examples: ['declared', 'amended', 'cancelled'] }),
    direction: Type.String({ examples: ['export'] }),
    draft: Type.Optional(Type.String({ description: 'The draft alert that was made of it.' })),
    created_at: time('When it was first declared here.'),
    updated_at: time('When it last changed.'),
  },
  { description: 'A shipment, without what the declaration says.' },
);
const shipment = Type.Object(
  { ...shipmentHeader.properties, shipment: object('Goods lines, parties, transport, route, documents.') },
  { description: 'A shipment as declared.' },
);

const outcome = Type.Object(
  {
    outcome: Type.Enum(['new', 'amended', 'cancelled', 'already_known']),
    shipment: Type.Optional(Type.String({ description: 'Id of the shipment.' })),
    draft: Type.Optional(Type.String({ description: 'Id of the draft alert.' })),
    open: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Fields that only an officer can decide.',
        examples: [['/body/suspicions', '/legal_basis']],
      }),
    ),
    reasons: Type.Array(Type.Object({ reason: Type.String() }), { description: 'Why there is no draft.' }),
  },
  { description: 'What became of the declaration.' },
);

const tags = ['Declarations'];

export function declarationRoutes(
  app: App,
  deps: {
    store: Pick<Store, 'shipment' | 'shipments' | 'commit'>;
    declarations: DeclarationActs;
    content: ContentKeys;
    declarationBytes: number;
  },
): void {
  const { store, declarations } = deps;

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      ['application/xml', 'text/xml'],
      { parseAs: 'buffer', bodyLimit: deps.declarationBytes },
      async (request: FastifyRequest, bytes: string | Buffer) => {
        request.rawBody = bytes as Buffer;
        return bytes;
      },
    );
    (scope as App).post(
      '/v1/declarations',
      {
        bodyLimit: deps.declarationBytes,
        config: { permission: 'declaration.write' },
        schema: {
          operationId: 'postDeclaration',
          summary: 'Hand in a declaration',
          description:
            'One declaration in the WCO data model (XML). A new one becomes a shipment, an amendment or cancellation changes the shipment it names; a licence document or goods of a control list make a draft alert. The same bytes again change nothing.',
          tags,
          consumes: ['application/xml'],
          headers: Type.Object(idempotencyHeader),
          body: Type.Unsafe<Buffer>({ description: 'The XML document, in UTF-8 or in the encoding that it names.' }),
          response: responses(
            { 200: outcome, 201: outcome },
            { body: true, codes: ['malformed_xml', 'declaration_refused', 'conflict', 'idempotency_mismatch', 'version_conflict'] },
          ),
        },
      },
      async (request, reply) => {
        const answer = await declarations.read({ bytes: bytesOf(request.body), by: request.actor, ...idempotencyOf(request) });
        return reply.status(answer.status as 200).send(answer.body);
      },
    );
  });

  app.get(
    '/v1/shipments',
    {
      config: { permission: 'shipment.read' },
      schema: {
        operationId: 'listShipments',
        summary: 'List shipments',
        description: 'Without what the declarations say.',
        tags,
        querystring: listQuery({}),
        response: responses({ 200: listOf(shipmentHeader, 'Shipments.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => pageOf(await store.shipments(paging(request.query)), headerOf),
  );

  app.get(
    '/v1/shipments/:id',
    {
      config: { permission: 'shipment.read', content: true },
      schema: {
        operationId: 'getShipment',
        summary: 'Read a shipment',
        description: 'As declared, for the purpose named in the headers.',
        tags,
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 100, description: 'The shipment.' }) }, closed),
        headers: Type.Object(purposeHeaders),
        response: responses({ 200: shipment }, { content: true, codes: ['not_found'] }),
      },
    },
    async (request) => {
      const record = await store.shipment(request.params.id);
      if (!record) throw notHere('shipment');
      const [text] = deps.content.open(record.sealed, shipmentRef(record.id));
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: record.id })] });
      return { ...headerOf(record), shipment: JSON.parse(text!) as Record<string, unknown> };
    },
  );
}

/** Absent where nothing was sent. */
function bytesOf(body: Buffer | undefined): Buffer {
  if (!body?.length) throw new Problem('malformed_xml', 'send one declaration as the body');
  return body;
}

const headerOf = (s: ShipmentRecord): Static<typeof shipmentHeader> => ({
  id: s.id,
  version: s.version,
  state: s.state,
  direction: s.direction,
  ...present({ draft: s.draft }),
  created_at: when(s.createdAt),
  updated_at: when(s.updatedAt),
});
