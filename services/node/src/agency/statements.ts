/** Statements: post one, list their headers, read what this node holds, see what became of each release. */
import type { StatementInput } from '@entente/statement';
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { responses } from '../http/describe.js';
import { idempotencyHeader, idempotencyOf } from '../http/idempotency.js';
import type { App } from '../http/listener.js';
import { purposeHeaders, statedPurposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { IssueActs } from './acts.js';
import { requireCeiling } from './ceiling.js';
import { type ContentDeps, contentOf } from './content.js';
import { requireExercise } from './exercise.js';
import {
  addressees,
  checks,
  closed,
  digest,
  digestParameter,
  entityId,
  findings,
  headerOf,
  kindName,
  listOf,
  listQuery,
  notHere,
  object,
  pageOf,
  paging,
  readers,
  readersOf,
  reason,
  releaseState,
  releaseStateOf,
  statementHeader,
  statementInput,
  time,
  uuid,
} from './shapes.js';
import { statementState } from './states.js';

export const outcomes = Type.Array(
  Type.Object({
    addressee: entityId('To whom.'),
    state: Type.Enum(['released', 'awaiting_second_officer', 'refused']),
    rule: Type.Optional(Type.String({ description: 'The rule that decided.' })),
    code: Type.Optional(Type.String({ examples: ['no_agreement'] })),
    reason: Type.Optional(Type.String({ description: 'In words.' })),
  }),
  { description: 'What became of it, per addressee.' },
);
export const posted = Type.Object(
  {
    statement: digest('Name of the statement.'),
    jti: Type.String({ examples: ['urn:uuid:0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42'] }),
    releases: outcomes,
    warnings: findings,
    checks,
  },
  { description: 'Signed, stored, logged, and on the feeds of the addressees.' },
);
export const releasedAnew = Type.Object(
  { statement: digest('The statement; its signature is the same as before.'), releases: outcomes },
  { description: 'On the feeds of the addressees to whom a rule permits it.' },
);
export const awaiting = Type.Object(
  { draft: uuid('The draft that waits.'), releases: outcomes, warnings: findings, checks },
  { description: 'Nothing is signed yet: a second officer must release the draft.' },
);

const heldContent = Type.Object(
  {
    header: statementHeader,
    body: object('What was disclosed, in the flat form of the kind.'),
    rel: Type.Array(Type.Object({ type: Type.String(), of: digest('The other statement.') })),
    not_shown: Type.Array(Type.String(), {
      description: 'Members of the kind that are not there: withheld, or never said. The signature does not tell which.',
      examples: [['/body/financial']],
    }),
    shown: Type.Array(Type.String(), {
      description: 'JSON pointers of the parts that were disclosed.',
      examples: [['/body/title', '/body/goods/0']],
    }),
    terms: Type.Array(
      Type.Object({
        release: digest('The release.'),
        from: entityId('Who released it.'),
        purposes: Type.Array(Type.String()),
        retain_until: Type.Optional(time('Until when it may be kept.')),
        onward: Type.Optional(Type.String()),
        reply_by: Type.Optional(time('By when an answer is asked for.')),
        readers: Type.Optional(Type.Array(Type.String(), { description: 'Pseudonyms of those who alone may read it.' })),
      }),
      { description: 'Under which releases it may be used; empty for own statements.' },
    ),
  },
  { description: 'What this node holds of the statement, verified anew.' },
);

const tags = ['Statements'];

export function statementRoutes(
  app: App,
  deps: ContentDeps & {
    store: Pick<Store, 'statement' | 'statements' | 'releasesOf' | 'commit'>;
    issue: Pick<IssueActs, 'post' | 'releaseExisting'>;
    exerciseOnly: boolean;
    /** The highest classification that this node may carry. */
    ceiling: string;
  },
): void {
  const { store, issue } = deps;

  app.post(
    '/v1/statements',
    {
      config: { permission: 'statement.post' },
      schema: {
        operationId: 'postStatement',
        summary: 'Post a statement to partners',
        description:
          'Checks it, asks the policy for each addressee, signs, stores and releases it. Where an agreement or a rule asks for a second officer it becomes a submitted draft.',
        tags,
        headers: Type.Object({ ...idempotencyHeader, ...statedPurposeHeaders }),
        body: Type.Object({ statement: statementInput, addressees, readers, reason: Type.Optional(reason) }, closed),
        response: responses(
          { 201: posted, 202: awaiting },
          {
            body: true,
            codes: [
              'invalid_statement',
              'unknown_kind',
              'nothing_released',
              'exercise_mismatch',
              'above_ceiling',
              'rules_changed',
              'idempotency_mismatch',
            ],
          },
        ),
      },
    },
    async (request, reply) => {
      const { statement, addressees, reason } = request.body;
      requireExercise(deps.exerciseOnly, statement.exercise);
      requireCeiling(deps.ceiling, statement.handling);
      const answer = await issue.post({
        input: statement as unknown as StatementInput,
        addressees,
        ...readersOf(request.body),
        by: request.actor,
        ...(reason !== undefined && { reason }),
        ...idempotencyOf(request),
      });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  app.get(
    '/v1/statements',
    {
      config: { permission: 'statement.list' },
      schema: {
        operationId: 'listStatements',
        summary: 'List statements',
        description: 'Headers of own and received statements, the latest first. New ones do not shift the following pages.',
        tags,
        querystring: listQuery({
          own: Type.Optional(Type.Boolean({ description: 'True: own ones; false: received ones.' })),
          kind: Type.Optional(kindName),
          originator: Type.Optional(entityId('Who signed it.')),
          exercise: Type.Optional(Type.Boolean({ description: 'True: exercises only; false: none of them.' })),
          state: Type.Optional(statementState),
        }),
        response: responses({ 200: listOf(statementHeader, 'Headers.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      const { own, kind, originator, exercise, state } = request.query;
      const page = await store.statements({
        ...paging(request.query),
        ...(own !== undefined && { own }),
        ...(kind !== undefined && { kind }),
        ...(originator !== undefined && { iss: originator }),
        ...(exercise !== undefined && { exercise }),
        ...(state !== undefined && { state, now: deps.now() }),
      });
      await store.commit({ access: [accessEntry(request.actor, 'SEARCH', { object: request.url.slice(0, 500) })] });
      return pageOf(page, (record) => headerOf(record, deps.now()));
    },
  );

  app.get(
    '/v1/statements/:digest',
    {
      config: { permission: 'statement.list' },
      schema: {
        operationId: 'getStatement',
        summary: 'Header of a statement',
        description: 'What is open of it; no content.',
        tags,
        params: digestParameter,
        response: responses({ 200: statementHeader }, { codes: ['not_found'] }),
      },
    },
    async (request) => headerOf(await known(request.params.digest), deps.now()),
  );

  app.get(
    '/v1/statements/:digest/content',
    {
      config: { permission: 'statement.read', content: true },
      schema: {
        operationId: 'getStatementContent',
        summary: 'Content of a statement',
        description: 'What this node holds, for the purpose named in the headers; the read is in the access log before it is answered.',
        tags,
        params: digestParameter,
        headers: Type.Object(purposeHeaders),
        response: responses({ 200: heldContent }, { content: true, codes: ['not_found', 'reader_not_named', 'recalled'] }),
      },
    },
    async (request) => {
      const record = await known(request.params.digest);
      const content = await contentOf(deps, record, request.actor);
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: record.digest })] });
      return { header: headerOf(record, deps.now()), ...content };
    },
  );

  app.get(
    '/v1/statements/:digest/releases',
    {
      config: { permission: 'statement.list' },
      schema: {
        operationId: 'listReleases',
        summary: 'What became of a statement',
        description: 'Per addressee: offered, held, quarantined, refused, with the signed receipt. Own statements only.',
        tags,
        params: digestParameter,
        response: responses({ 200: listOf(releaseState, 'One entry per addressee.') }, { codes: ['not_found'] }),
      },
    },
    async (request) => {
      const record = await known(request.params.digest);
      return { items: (await store.releasesOf(record.digest)).map(releaseStateOf) };
    },
  );

  app.post(
    '/v1/statements/:digest/releases',
    {
      config: { permission: 'draft.decide' },
      schema: {
        operationId: 'releaseStatement',
        summary: 'Release an older statement',
        description:
          'To partners that did not get it: a new agreement releases nothing that was issued before it; this act does, if the rules permit it now.',
        tags,
        params: digestParameter,
        headers: Type.Object(idempotencyHeader),
        body: Type.Object({ addressees, readers, reason }, closed),
        response: responses(
          { 201: releasedAnew },
          {
            body: true,
            codes: ['not_found', 'not_releasable', 'recalled', 'nothing_released', 'same_person', 'rules_changed', 'idempotency_mismatch'],
          },
        ),
      },
    },
    async (request, reply) => {
      const { addressees } = request.body;
      const answer = await issue.releaseExisting({
        statement: request.params.digest,
        addressees,
        ...readersOf(request.body),
        by: { ...request.actor, justification: request.body.reason },
        ...idempotencyOf(request),
      });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  async function known(name: string) {
    const record = await store.statement(name);
    if (!record) throw notHere('statement');
    return record;
  }
}
