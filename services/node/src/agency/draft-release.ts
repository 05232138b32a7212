/** From a draft to a release: what partners would see, handing over to the second officer, and that officer's decision. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { responses } from '../http/describe.js';
import { idempotencyHeader, idempotencyOf } from '../http/idempotency.js';
import type { App } from '../http/listener.js';
import { purposeHeaders, statedPurposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { DraftActs, IssueActs } from './acts.js';
import { draftAccess, versionIn } from './draft-access.js';
import { checklist, ifMatch, moved, parameter, preview, tags } from './draft-shapes.js';
import { requireExercise } from './exercise.js';
import { addressees, closed, reason } from './shapes.js';
import { posted } from './statements.js';

export function draftReleaseRoutes(
  app: App,
  deps: { store: Pick<Store, 'commit'>; drafts: DraftActs; issue: Pick<IssueActs, 'preview' | 'release'>; exerciseOnly: boolean },
): void {
  const { store, drafts, issue } = deps;
  const { existing, readable, decidable } = draftAccess(drafts);

  app.get(
    '/v1/drafts/:id/preview',
    {
      config: { permission: 'draft.read', content: true },
      schema: {
        operationId: 'previewDraft',
        summary: 'What partners would see',
        description:
          'Every part, released or withheld, with the rule and the reason in words: for the partners that are named here, else in the draft, else for every active one. Nothing is stored.',
        tags,
        params: parameter,
        querystring: Type.Object({ addressee: Type.Optional(addressees) }, closed),
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
      return { items: (await issue.preview({ ...draft, addressees: request.query.addressee ?? draft.addressees })) as never };
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
}
