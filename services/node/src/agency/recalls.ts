/** Recall and correction: an officer calls back what this node has said; holders answer; who still owes an answer stands here. */
import type { ReversalRecord, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import { idempotencyHeader, idempotencyOf } from '../http/idempotency.js';
import type { App } from '../http/listener.js';
import { accessEntry } from './access.js';
import type { ReversalActs } from './acts.js';
import { correctionInput, type RecallShape, recallInput, recallShape } from './recall-shapes.js';
import { closed, digestParameter, listOf, listQuery, notHere, pageOf, paging, time, when } from './shapes.js';
import { awaiting, posted } from './statements.js';

const tags = ['Recalls'];

export function recallRoutes(
  app: App,
  deps: {
    store: Pick<Store, 'reversal' | 'reversals' | 'releasesOf' | 'compliancesOf' | 'appliedOf' | 'derivativesOf' | 'commit'>;
    reversals: ReversalActs;
    now: () => number;
  },
): void {
  const { store, reversals, now } = deps;
  const answered = responses(
    { 201: posted, 202: awaiting },
    {
      body: true,
      codes: [
        'not_found',
        'recalled',
        'not_originator',
        'not_releasable',
        'nothing_released',
        'invalid_statement',
        'rules_changed',
        'idempotency_mismatch',
      ],
    },
  );

  app.post(
    '/v1/statements/:digest/recall',
    {
      config: { permission: 'statement.recall' },
      schema: {
        operationId: 'recallStatement',
        summary: 'Recall a statement',
        description:
          'Calls a statement of this node back from everybody to whom it was released, as a whole or single fields of it. It becomes a draft; a second officer releases it. What still waits on a feed does not leave.',
        tags,
        params: digestParameter,
        headers: Type.Object(idempotencyHeader),
        body: recallInput,
        response: answered,
      },
    },
    async (request, reply) => {
      const { reason, effect, fields, comply_by, applies_to_derivatives = true, explanation, follows } = request.body;
      const answer = await reversals.recall({
        statement: request.params.digest,
        reason,
        effect,
        derivatives: applies_to_derivatives,
        by: request.actor,
        ...(fields && { pointers: fields }),
        ...(comply_by !== undefined && { complyBy: comply_by }),
        ...(explanation && { explanation }),
        ...(follows !== undefined && { follows }),
        ...idempotencyOf(request),
      });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  app.post(
    '/v1/statements/:digest/correction',
    {
      config: { permission: 'statement.recall' },
      schema: {
        operationId: 'correctStatement',
        summary: 'Correct a statement',
        description:
          'Says which fields of a statement of this node were wrong and what is right, to everybody to whom it was released; each field goes to those who may see its data class.',
        tags,
        params: digestParameter,
        headers: Type.Object(idempotencyHeader),
        body: correctionInput,
        response: answered,
      },
    },
    async (request, reply) => {
      const { reason, changes, comply_by, applies_to_derivatives = true, explanation, follows } = request.body;
      const answer = await reversals.correct({
        statement: request.params.digest,
        reason,
        changes: changes.map(({ field, value }) => ({ field, ...(value !== undefined && { value }) })),
        derivatives: applies_to_derivatives,
        by: request.actor,
        ...(comply_by !== undefined && { complyBy: comply_by }),
        ...(explanation && { explanation }),
        ...(follows !== undefined && { follows }),
        ...idempotencyOf(request),
      });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  app.get(
    '/v1/recalls',
    {
      config: { permission: 'recall.read' },
      schema: {
        operationId: 'listRecalls',
        summary: 'List recalls and corrections',
        description:
          'Those of this node, with who still owes an answer, and those of partners, with what this node answered and who owes it an answer because it passed the target on; the latest first.',
        tags,
        querystring: listQuery({ own: Type.Optional(Type.Boolean({ description: 'True: of this node; false: of partners.' })) }),
        response: responses({ 200: listOf(recallShape, 'Recalls and corrections.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      const { own } = request.query;
      const page = await store.reversals({ ...paging(request.query), ...(own !== undefined && { own }) });
      await store.commit({ access: [accessEntry(request.actor, 'SEARCH', { object: 'recalls' })] });
      const shaped = new Map(await Promise.all(page.items.map(async (item) => [item, await shape(item)] as const)));
      return pageOf(page, (item) => shaped.get(item)!);
    },
  );

  app.get(
    '/v1/recalls/:digest',
    {
      config: { permission: 'recall.read' },
      schema: {
        operationId: 'getRecall',
        summary: 'One recall or correction',
        description: 'By the digest of the statement that recalls or corrects.',
        tags,
        params: digestParameter,
        response: responses({ 200: recallShape }, { codes: ['not_found'] }),
      },
    },
    async (request) => await shape(await known(request.params.digest)),
  );

  app.post(
    '/v1/recalls/:digest/execute',
    {
      config: { permission: 'recall.decide' },
      schema: {
        operationId: 'executeRecall',
        summary: 'Destroy what a recall asks to destroy',
        description: "Where the agency's policy leaves erasure to an officer. The originator gets a signed answer.",
        tags,
        params: digestParameter,
        response: responses({ 200: recallShape }, { codes: ['not_found', 'conflict', 'on_hold', 'nothing_released'] }),
      },
    },
    async (request) => {
      await reversals.execute({ statement: request.params.digest, by: request.actor });
      return await shape(await known(request.params.digest));
    },
  );

  app.post(
    '/v1/recalls/:digest/exception',
    {
      config: { permission: 'recall.decide' },
      schema: {
        operationId: 'exceptRecall',
        summary: 'Keep what was recalled under a provision of law',
        description:
          'It is not used any more, but kept until a date; then the recall is carried out. The originator gets a signed answer that says so.',
        tags,
        params: digestParameter,
        body: Type.Object(
          {
            instrument: Type.String({
              minLength: 1,
              maxLength: 40,
              description: 'Code of the list `legal-instrument`.',
              examples: ['NAT-QM'],
            }),
            provision: Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'The provision.',
              examples: ['Code of criminal procedure, section 12'],
            }),
            kept_until: time('Until when it is kept.'),
          },
          closed,
        ),
        response: responses(
          { 200: recallShape },
          { body: true, codes: ['not_found', 'conflict', 'invalid_statement', 'nothing_released'] },
        ),
      },
    },
    async (request) => {
      const { instrument, provision, kept_until } = request.body;
      await reversals.except({ statement: request.params.digest, instrument, provision, keptUntil: kept_until, by: request.actor });
      return await shape(await known(request.params.digest));
    },
  );

  async function known(statement: string): Promise<ReversalRecord> {
    const reversal = await store.reversal(statement);
    if (!reversal || reversal.type === 'supersedes') throw notHere('recall');
    return reversal;
  }

  async function shape(r: ReversalRecord): Promise<RecallShape> {
    const [derivatives, applied, holders] = await Promise.all([
      store.derivativesOf(r.statement),
      store.appliedOf(r.statement),
      holdersOf(r),
    ]);
    return {
      statement: r.statement,
      type: r.type as 'recalls',
      target: r.target,
      originator: r.iss,
      own: r.own,
      parts: r.parts,
      comply_by: when(r.complyBy),
      at: when(r.at),
      derivatives,
      waits_for_officer: applied.some(({ state }) => state === 'stopped'),
      ...(r.effect !== undefined && { effect: r.effect }),
      ...(r.own || holders.length > 0 ? { holders } : {}),
      ...(r.outcome !== undefined && { outcome: r.outcome }),
      ...(r.keptUntil !== undefined && { kept_until: when(r.keptUntil) }),
      ...(r.answeredAt !== undefined && { answered_at: when(r.answeredAt) }),
    };
  }

  /** Whoever was given the target by this node owes it an answer, also where the recall has not reached him. */
  async function holdersOf(r: ReversalRecord): Promise<NonNullable<Static<typeof recallShape>['holders']>> {
    const [target, told, answers] = await Promise.all([
      store.releasesOf(r.target),
      store.releasesOf(r.statement),
      store.compliancesOf(r.statement),
    ]);
    return [...new Set(target.map((release) => release.to))].map((holder) => {
      const answer = answers.find(({ from }) => from === holder);
      const delivered = told.some(({ to, verdict }) => to === holder && verdict === 'held');
      const state = answer ? (answer.outcome === 'EXCEPTION' ? 'EXCEPTION' : 'COMPLIED') : now() >= r.complyBy ? 'OVERDUE' : 'PENDING';
      return {
        holder,
        state,
        delivered,
        ...(answer && { outcome: answer.outcome, answer: answer.statement, answered_at: when(answer.at) }),
        ...(answer?.keptUntil !== undefined && { kept_until: when(answer.keptUntil) }),
      };
    });
  }
}
