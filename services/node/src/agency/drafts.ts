/** Drafts: written by one officer, released by another. */
import { codeList } from '@entente/statement';
import type { DraftRecord, Store } from '@entente/store';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import { idempotencyHeader, idempotencyOf } from '../http/idempotency.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { purposeHeaders, requirePurpose, statedPurposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { DraftActs, DraftInput, IssueActs, OpenDraft } from './acts.js';
import { requireExercise } from './exercise.js';
import {
  addressees,
  closed,
  digest,
  draftInput,
  entityId,
  findings,
  kindName,
  listOf,
  listQuery,
  notHere,
  object,
  pageOf,
  paging,
  present,
  reason,
  time,
  uuid,
  when,
} from './shapes.js';
import { posted } from './statements.js';

const states = ['draft', 'submitted', 'released', 'rejected', 'discarded'] as const;

const draftHeader = Type.Object(
  {
    id: uuid('The draft.'),
    version: Type.Integer({ minimum: 1, description: 'Also the ETag.' }),
    state: Type.Enum([...states]),
    kind: kindName,
    author: Type.String({ description: 'Pseudonym.' }),
    unit: Type.String(),
    addressees: Type.Array(Type.String()),
    open: Type.Optional(Type.Integer({ description: 'How many fields an officer must still decide.' })),
    source: Type.Optional(Type.String({ description: 'The shipment that it came from.' })),
    decided_by: Type.Optional(Type.String({ description: 'Pseudonym of the second officer.' })),
    reason: Type.Optional(Type.String()),
    released_as: Type.Optional(digest('The statement that it became.')),
    created_at: time('When it was begun.'),
    updated_at: time('When it last changed.'),
  },
  { description: 'A draft, without its content.' },
);
const openDraft = Type.Object(
  { ...draftHeader.properties, statement: object('What is written so far.'), findings },
  { description: 'A draft with its content.' },
);
const changed = Type.Object({ version: Type.Integer(), findings }, { description: 'Kept. `findings` names what is still open.' });
const moved = Type.Object({ version: Type.Integer() }, { description: 'The new version.' });

const confirmations = codeList('release-checklist').codes.map((entry) => entry.code);
const checklist = Type.Array(Type.Enum(confirmations), {
  uniqueItems: true,
  minItems: confirmations.length,
  description: 'What the releaser confirms, each by name: every code of the list `release-checklist`. Kept with the draft.',
  examples: [confirmations],
});

const preview = Type.Object(
  {
    addressee: entityId('Who would see it.'),
    permitted: Type.Boolean(),
    rule: Type.Optional(Type.String()),
    code: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String({ description: 'Why nothing would be released.' })),
    release: Type.Optional(Type.Enum(['automatic', 'second_officer'])),
    agreement: Type.Optional(Type.Object({ id: Type.String(), version: Type.Integer(), digest: digest('The agreement.') })),
    terms: Type.Optional(object('Purposes, end of retention, onward rule, time for the answer.')),
    parts: Type.Array(
      Type.Object({
        pointer: Type.String({ examples: ['/body/goods/0/C1'] }),
        data_class: Type.String({ examples: ['C1'] }),
        shown: Type.Boolean(),
        rule: Type.String(),
        reason: Type.String(),
      }),
      { description: 'Every part, released or withheld, with the rule and the reason in words.' },
    ),
  },
  { description: 'What one partner would see, by the very decision that the release would take.' },
);

const parameter = Type.Object({ id: uuid('The draft.') }, closed);
const ifMatch = {
  'if-match': Type.Optional(
    Type.String({ maxLength: 40, description: 'The ETag that was read; another version is refused.', examples: ['"3"'] }),
  ),
};
const tags = ['Drafts'];

export function draftRoutes(
  app: App,
  deps: {
    store: Pick<Store, 'drafts' | 'commit'>;
    drafts: DraftActs;
    issue: Pick<IssueActs, 'preview' | 'release'>;
    exerciseOnly: boolean;
  },
): void {
  const { store, drafts, issue } = deps;

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
          },
          closed,
        ),
        response: responses(
          { 201: Type.Object({ draft: uuid('The draft.'), version: Type.Integer(), findings }) },
          { body: true, codes: ['unknown_kind', 'idempotency_mismatch'] },
        ),
      },
    },
    async (request, reply) => {
      const { statement, addressees = [] } = request.body;
      const answer = await drafts.create({
        input: statement as unknown as DraftInput,
        addressees,
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
          state: Type.Optional(Type.Enum([...states])),
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
        .send({ ...draftHeaderOf(draft), statement: draft.input as never, findings: drafts.findings(draft.input) });
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
          },
          closed,
        ),
        response: responses(
          { 200: changed },
          { body: true, codes: ['not_found', 'unknown_kind', 'draft_state', 'version_missing', 'version_conflict'] },
        ),
      },
    },
    async (request, reply) => {
      const { statement, addressees = [] } = request.body;
      const answer = await drafts.replace({
        id: request.params.id,
        version: versionIn(request),
        input: statement as unknown as DraftInput,
        addressees,
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

  app.get(
    '/v1/drafts/:id/preview',
    {
      config: { permission: 'draft.read', content: true },
      schema: {
        operationId: 'previewDraft',
        summary: 'What partners would see',
        description: 'Every part, released or withheld, with the rule and the reason in words. Nothing is stored.',
        tags,
        params: parameter,
        querystring: Type.Object({ addressee: addressees }, closed),
        headers: Type.Object(purposeHeaders),
        response: responses(
          { 200: Type.Object({ items: Type.Array(preview) }, { description: 'One entry per partner, in the order asked.' }) },
          { content: true, codes: ['not_found', 'unknown_kind', 'invalid_statement'] },
        ),
      },
    },
    async (request) => {
      const draft = await readable(request);
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: draft.id })] });
      return { items: (await Promise.all(request.query.addressee.map((addressee) => issue.preview(draft.input, addressee)))) as never };
    },
  );

  app.post(
    '/v1/drafts/:id/submit',
    {
      config: { permission: 'draft.write' },
      schema: {
        operationId: 'submitDraft',
        summary: 'Hand a draft to the second officer',
        description: 'It must be complete: nothing open, nothing refused by the rules of its kind.',
        tags,
        params: parameter,
        headers: Type.Object(ifMatch),
        body: Type.Object({ addressees }, closed),
        response: responses(
          { 200: moved },
          { body: true, codes: ['not_found', 'draft_state', 'invalid_statement', 'exercise_mismatch', 'version_conflict'] },
        ),
      },
    },
    async (request) => {
      const draft = await existing(request.params.id);
      requireExercise(deps.exerciseOnly, draft.input.exercise);
      return await drafts.submit({
        id: draft.id,
        version: versionIn(request, draft.version),
        addressees: request.body.addressees,
        by: request.actor,
      });
    },
  );

  app.post(
    '/v1/drafts/:id/release',
    {
      config: { permission: 'draft.decide' },
      schema: {
        operationId: 'releaseDraft',
        summary: "Release another officer's draft",
        description:
          'The second officer confirms the checklist; the statement is signed, stored and released. Nobody releases what he wrote.',
        tags,
        params: parameter,
        headers: Type.Object({ ...idempotencyHeader, ...ifMatch, ...statedPurposeHeaders }),
        body: Type.Object({ checklist, reason }, closed),
        response: responses(
          { 201: posted },
          {
            body: true,
            codes: [
              'not_found',
              'draft_state',
              'same_person',
              'invalid_statement',
              'nothing_released',
              'rules_changed',
              'version_conflict',
              'idempotency_mismatch',
            ],
          },
        ),
      },
    },
    async (request, reply) => {
      const draft = await decidable(request);
      const answer = await issue.release({
        draft,
        checklist: request.body.checklist,
        reason: request.body.reason,
        by: request.actor,
        ...idempotencyOf(request),
      });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  app.post(
    '/v1/drafts/:id/reject',
    {
      config: { permission: 'draft.decide' },
      schema: {
        operationId: 'rejectDraft',
        summary: 'Send a draft back',
        description: 'Its author reads the reason, and may change and submit it again.',
        tags,
        params: parameter,
        headers: Type.Object(ifMatch),
        body: Type.Object({ reason }, closed),
        response: responses({ 200: moved }, { body: true, codes: ['not_found', 'draft_state', 'same_person', 'version_conflict'] }),
      },
    },
    async (request) => {
      const draft = await decidable(request);
      return await drafts.reject({ id: draft.id, version: draft.version, reason: request.body.reason, by: request.actor });
    },
  );

  async function existing(id: string): Promise<OpenDraft> {
    const draft = await drafts.open(id);
    if (!draft) throw notHere('draft');
    return draft;
  }

  /** A draft that has purposes already is read for one of them. */
  async function readable(request: FastifyRequest): Promise<OpenDraft> {
    const draft = await existing((request.params as Static<typeof parameter>).id);
    const given = draft.input.handling?.purposes as string[] | undefined;
    if (given?.length) requirePurpose(request.actor, given);
    return draft;
  }

  /** A draft upon which this officer may decide, in the version that was read. */
  async function decidable(request: FastifyRequest): Promise<OpenDraft> {
    const draft = await existing((request.params as Static<typeof parameter>).id);
    if (draft.author === request.actor.pseudonym) throw new Problem('same_person', 'author and releaser must be two persons');
    if (draft.state === 'submitted') {
      if (versionIn(request, draft.version) !== draft.version)
        throw new Problem('version_conflict', 'somebody changed it meanwhile; read it again');
      return draft;
    }
    throw new Problem('draft_state', `this draft is ${draft.state}; only a submitted one can be decided upon`);
  }
}

const etagOf = (version: number): string => `"${version}"`;

/** The version in If-Match, else `otherwise`; without either the caller is asked for it (RFC 6585). */
function versionIn(request: FastifyRequest, otherwise?: number): number {
  const header = request.headers['if-match'];
  if (header === undefined && otherwise !== undefined) return otherwise;
  if (header === undefined) throw new Problem('version_missing', 'send the ETag of the version that you read in the header if-match');
  const version = /^"([1-9]\d{0,8})"$/.exec(header)?.[1];
  if (version === undefined) throw new Problem('version_conflict', 'if-match is not an ETag of this draft');
  return Number(version);
}

function draftHeaderOf(d: DraftRecord | OpenDraft): Static<typeof draftHeader> {
  const { id, version, state, kind, author, unit, addressees, source, decidedBy, reason, statement } = d;
  return {
    id,
    version,
    state,
    kind,
    author,
    unit,
    addressees,
    created_at: when(d.createdAt),
    updated_at: when(d.updatedAt),
    ...('open' in d && { open: d.open }),
    ...present({ source, decided_by: decidedBy, reason, released_as: statement }),
  };
}
