/** Drafts: begun, listed, read, written anew, discarded. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { responses } from '../http/describe.js';
import { idempotencyHeader, idempotencyOf } from '../http/idempotency.js';
import type { App } from '../http/listener.js';
import { purposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { DraftActs, DraftInput } from './acts.js';
import { requireCeiling } from './ceiling.js';
import { draftAccess, etagOf, versionIn } from './draft-access.js';
import { changed, draftHeader, draftHeaderOf, ifMatch, openDraft, parameter, states, tags } from './draft-shapes.js';
import { closed, draftInput, entityId, findings, listOf, listQuery, pageOf, paging, readers, readersOf, uuid } from './shapes.js';

export function draftRoutes(app: App, deps: { store: Pick<Store, 'drafts' | 'commit'>; drafts: DraftActs; ceiling: string }): void {
  const { store, drafts } = deps;
  const { readable } = draftAccess(drafts);

  app.post(
    '/v1/drafts',
    {
      config: { permission: 'draft.write' },
      schema: {
        operationId: 'createDraft',
        summary: 'Begin a draft',
        description: 'Only the kind must be there; the answer names what is still open.',
        tags,
        headers: Type.Object(idempotencyHeader),
        body: Type.Object(
          {
            statement: draftInput,
            addressees: Type.Optional(Type.Array(entityId('A partner agency.'), { maxItems: 200, uniqueItems: true })),
            readers,
          },
          closed,
        ),
        response: responses(
          { 201: Type.Object({ draft: uuid('The draft.'), version: Type.Integer(), findings }) },
          { body: true, codes: ['unknown_kind', 'above_ceiling', 'idempotency_mismatch'] },
        ),
      },
    },
    async (request, reply) => {
      const { statement, addressees = [] } = request.body;
      requireCeiling(deps.ceiling, statement.handling);
      const answer = await drafts.create({
        input: statement as unknown as DraftInput,
        addressees,
        ...readersOf(request.body),
        by: request.actor,
        ...idempotencyOf(request),
      });
      return reply.status(201).send(answer.body as never);
    },
  );

  app.get(
    '/v1/drafts',
    {
      config: { permission: 'draft.read' },
      schema: {
        operationId: 'listDrafts',
        summary: 'List drafts',
        description: 'Without content. `state=submitted` is the queue of the second officer.',
        tags,
        querystring: listQuery({
          state: Type.Optional(Type.Enum([...states], { description: 'How far it is.' })),
          author: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Pseudonym.' })),
        }),
        response: responses({ 200: listOf(draftHeader, 'Drafts.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      const { state, author } = request.query;
      return pageOf(
        await store.drafts({ ...paging(request.query), ...(state && { state }), ...(author !== undefined && { author }) }),
        draftHeaderOf,
      );
    },
  );

  app.get(
    '/v1/drafts/:id',
    {
      config: { permission: 'draft.read', content: true },
      schema: {
        operationId: 'getDraft',
        summary: 'Read a draft',
        description: 'With its content, for the purpose named in the headers.',
        tags,
        params: parameter,
        headers: Type.Object(purposeHeaders),
        response: responses({ 200: openDraft }, { content: true, codes: ['not_found'] }),
      },
    },
    async (request, reply) => {
      const draft = await readable(request);
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: draft.id })] });
      return reply
        .header('etag', etagOf(draft.version))
        .send({ ...draftHeaderOf(draft), statement: draft.input as never, readers: draft.readers, findings: drafts.findings(draft.input) });
    },
  );

  app.put(
    '/v1/drafts/:id',
    {
      config: { permission: 'draft.write' },
      schema: {
        operationId: 'replaceDraft',
        summary: 'Write a draft anew',
        description:
          'The whole content replaces what was there. Only the author may; a draft that came from a declaration belongs to the officer who first changes it.',
        tags,
        params: parameter,
        headers: Type.Object(ifMatch),
        body: Type.Object(
          {
            statement: draftInput,
            addressees: Type.Optional(Type.Array(entityId('A partner agency.'), { maxItems: 200, uniqueItems: true })),
            readers,
          },
          closed,
        ),
        response: responses(
          { 200: changed },
          { body: true, codes: ['not_found', 'unknown_kind', 'above_ceiling', 'draft_state', 'version_missing', 'version_conflict'] },
        ),
      },
    },
    async (request, reply) => {
      const { statement, addressees = [] } = request.body;
      requireCeiling(deps.ceiling, statement.handling);
      const answer = await drafts.replace({
        id: request.params.id,
        version: versionIn(request),
        input: statement as unknown as DraftInput,
        addressees,
        ...readersOf(request.body),
        by: request.actor,
      });
      return reply.header('etag', etagOf(answer.version)).send(answer);
    },
  );

  app.delete(
    '/v1/drafts/:id',
    {
      config: { permission: 'draft.write' },
      schema: {
        operationId: 'discardDraft',
        summary: 'Discard a draft',
        description: 'Only the author may, and only what was not released.',
        tags,
        params: parameter,
        headers: Type.Object(ifMatch),
        response: responses(
          { 204: Type.Null({ description: 'Discarded.' }) },
          { codes: ['not_found', 'draft_state', 'version_missing', 'version_conflict'] },
        ),
      },
    },
    async (request, reply) => {
      await drafts.discard({ id: request.params.id, version: versionIn(request), by: request.actor });
      return reply.status(204).send(null);
    },
  );
}
