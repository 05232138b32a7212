/** What one officer releases alone in an emergency, and the officer who confirms or rejects it before the limit. */
import type { Digest, SingleReleaseRecord, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import { idempotencyHeader, idempotencyOf } from '../http/idempotency.js';
import type { App } from '../http/listener.js';
import { statedPurposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { Actor, Checklist, DraftActs, IssueActs } from './acts.js';
import { draftAccess } from './draft-access.js';
import { checklist, ifMatch, parameter } from './draft-shapes.js';
import {
  closed,
  digest,
  digestParameter,
  kindName,
  listOf,
  listQuery,
  notHere,
  pageOf,
  paging,
  present,
  reason,
  time,
  when,
} from './shapes.js';
import { posted } from './statements.js';

/** Implemented by flow/single-release. */
export interface SingleReleaseActs {
  /** By its author; the route has checked that. 422 `single_release_refused`, and whatever a release is refused for. */
  release(request: Omit<Parameters<IssueActs['release']>[0], 'confirmBy'>): ReturnType<IssueActs['release']>;
  /** 404, 403 `same_person`, 409 `conflict`, `too_late`. */
  confirm(request: { statement: Digest; checklist: Checklist; reason: string; by: Actor }): Promise<void>;
  /** Recalls it in the same act. As `confirm`, and 422 `nothing_released` where no holder can be reached. */
  reject(request: { statement: Digest; reason: string; by: Actor }): Promise<void>;
}

const tags = ['Single releases'];
const states = ['undecided', 'overdue', 'confirmed', 'rejected', 'lapsed'] as const;

const releasedAlone = Type.Object(
  { ...posted.properties, confirm_by: time('Another officer confirms it before then, or it is recalled.') },
  { description: 'Signed, stored, logged, and on the feeds of the addressees.' },
);

const singleRelease = Type.Object(
  {
    statement: digest('What was released.'),
    kind: kindName,
    state: Type.Enum([...states], {
      description:
        '`undecided` until another officer has decided; `overdue` when the limit has passed and the recall could not go out yet; `lapsed` when it went out because nobody had decided.',
    }),
    officer: Type.String({ description: 'Pseudonym of who wrote and released it.' }),
    released_at: time('When.'),
    confirm_by: time('The limit.'),
    decided_by: Type.Optional(Type.String({ description: 'Pseudonym of the other officer.' })),
    decided_at: Type.Optional(time('When it was decided.')),
    act: Type.Optional(Type.String({ description: 'What that officer decided and why, and every point that he has confirmed (JSON).' })),
    recall: Type.Optional(digest('The statement that recalls it.')),
  },
  { description: 'A release by one officer alone, without content.' },
);

const decision = responses(
  { 200: singleRelease },
  { body: true, codes: ['not_found', 'same_person', 'conflict', 'too_late', 'version_conflict', 'nothing_released', 'rules_changed'] },
);

export function singleReleaseRoutes(
  app: App,
  deps: {
    store: Pick<Store, 'singleRelease' | 'singleReleases' | 'commit'>;
    drafts: DraftActs;
    singleReleases: SingleReleaseActs;
    now: () => number;
  },
): void {
  const { store, singleReleases, now } = deps;
  const { own } = draftAccess(deps.drafts);

  app.post(
    '/v1/drafts/:id/single-release',
    {
      config: { permission: 'draft.release_alone' },
      schema: {
        operationId: 'releaseDraftAlone',
        summary: 'Release your own draft alone, in an emergency',
        description:
          'Where the policy of the agency allows it and its urgency is IMMEDIATE. It is marked, in the log too, and those who subscribed are told. Another officer must confirm it before `confirm_by`; otherwise it is recalled as sent in error.',
        tags,
        params: parameter,
        headers: Type.Object({ ...idempotencyHeader, ...ifMatch, ...statedPurposeHeaders }),
        body: Type.Object({ checklist, reason }, closed),
        response: responses(
          { 201: releasedAlone },
          {
            body: true,
            codes: [
              'not_found',
              'draft_state',
              'single_release_refused',
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
      const { reason, checklist } = request.body;
      const by = { ...request.actor, justification: reason };
      const answer = await singleReleases.release({ draft: await own(request), checklist, reason, by, ...idempotencyOf(request) });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  app.get(
    '/v1/single-releases',
    {
      config: { permission: 'draft.read' },
      schema: {
        operationId: 'listSingleReleases',
        summary: 'What was released by one officer alone',
        description: 'The latest first; `state=undecided` is what waits for another officer.',
        tags,
        querystring: listQuery({
          state: Type.Optional(Type.Enum(['undecided', 'confirmed', 'rejected', 'lapsed'], { description: 'What became of it.' })),
        }),
        response: responses({ 200: listOf(singleRelease, 'Releases by one officer alone.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      const { state } = request.query;
      const page = await store.singleReleases({ ...paging(request.query), ...(state && { outcome: state }) });
      await store.commit({ access: [accessEntry(request.actor, 'SEARCH', { object: 'single releases' })] });
      return pageOf(page, shapeOf);
    },
  );

  app.get(
    '/v1/single-releases/:digest',
    {
      config: { permission: 'draft.read' },
      schema: {
        operationId: 'getSingleRelease',
        summary: 'One release by one officer alone',
        description: 'By the digest of the statement.',
        tags,
        params: digestParameter,
        response: responses({ 200: singleRelease }, { codes: ['not_found'] }),
      },
    },
    async (request) => await known(request.params.digest),
  );

  app.post(
    '/v1/single-releases/:digest/confirm',
    {
      config: { permission: 'draft.decide' },
      schema: {
        operationId: 'confirmSingleRelease',
        summary: "Confirm another officer's release",
        description:
          'As the second officer, with every point of the checklist, before the limit. Nobody confirms what he released himself.',
        tags,
        params: digestParameter,
        headers: Type.Object(statedPurposeHeaders),
        body: Type.Object({ checklist, reason }, closed),
        response: decision,
      },
    },
    async (request) => {
      const { checklist, reason } = request.body;
      const statement = request.params.digest;
      await singleReleases.confirm({ statement, checklist, reason, by: { ...request.actor, justification: reason } });
      return await known(statement);
    },
  );

  app.post(
    '/v1/single-releases/:digest/reject',
    {
      config: { permission: 'draft.decide' },
      schema: {
        operationId: 'rejectSingleRelease',
        summary: "Reject another officer's release",
        description: 'Before the limit. It is recalled in the same act, as sent in error, from everybody to whom it was released.',
        tags,
        params: digestParameter,
        headers: Type.Object(statedPurposeHeaders),
        body: Type.Object({ reason }, closed),
        response: decision,
      },
    },
    async (request) => {
      const { reason } = request.body;
      const statement = request.params.digest;
      await singleReleases.reject({ statement, reason, by: { ...request.actor, justification: reason } });
      return await known(statement);
    },
  );

  async function known(statement: string): Promise<Static<typeof singleRelease>> {
    const single = await store.singleRelease(statement);
    if (!single) throw notHere('release by one officer');
    return shapeOf(single);
  }

  function shapeOf(single: SingleReleaseRecord): Static<typeof singleRelease> {
    const { statement, kind, officer, releasedAt, confirmBy, outcome, decidedBy, decidedAt, act, recall } = single;
    const open = now() >= confirmBy ? 'overdue' : 'undecided';
    return {
      statement,
      kind,
      state: outcome ?? open,
      officer,
      released_at: when(releasedAt),
      confirm_by: when(confirmBy),
      ...present({ decided_by: decidedBy, act, recall }),
      ...(decidedAt !== undefined && { decided_at: when(decidedAt) }),
    };
  }
}
