/** Passing on what partners gave: ask its originator, see where the requests stand, pass on. */
import type { JsonObject } from '@entente/statement';
import type { Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { latest, statementAbout } from '../flow/consent-inputs.js';
import type { Consents } from '../flow/consents.js';
import { responses } from '../http/describe.js';
import { idempotencyHeader, idempotencyOf } from '../http/idempotency.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { purposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { Actor, IssueActs } from './acts.js';
import { type ContentDeps, contentOf } from './content.js';
import { requestedScope, request as requestShape, toWhom } from './onward-shapes.js';
import { consentStateOf, decisionOn } from './onward-state.js';
import { addressees, closed, digest, listOf, listQuery, notHere, pageOf, paging, present, reason, time } from './shapes.js';
import { awaiting, posted, releasedAnew } from './statements.js';

export interface OnwardDeps extends ContentDeps {
  store: ContentDeps['store'] & Pick<Store, 'statement' | 'statements' | 'commit'>;
  consents: Consents;
  issue: Pick<IssueActs, 'post' | 'relay'>;
}

const tags = ['Onward sharing'];
export const postedCodes = ['not_found', 'invalid_statement', 'nothing_released', 'rules_changed', 'idempotency_mismatch'] as const;

const asked = Type.Object(
  {
    statement: digest('What is to be passed on.'),
    to_whom: toWhom,
    why: Type.String({ minLength: 10, maxLength: 2000, description: 'For the originator.' }),
    scope: requestedScope,
    reply_by: time('When the request lapses.'),
    urgency: Type.Optional(Type.String({ examples: ['URGENT'] })),
  },
  closed,
);

export function onwardRoutes(app: App, deps: OnwardDeps): void {
  const { store, issue, consents, now } = deps;

  app.post(
    '/v1/onward/requests',
    {
      config: { permission: 'statement.post' },
      schema: {
        operationId: 'requestConsent',
        summary: 'Ask an originator whether its statement may be passed on',
        description:
          'A signed statement of the kind `consent_request`. Silence is no consent: what is not answered by `reply_by` has lapsed.',
        tags,
        headers: Type.Object(idempotencyHeader),
        body: asked,
        response: responses({ 201: posted, 202: awaiting }, { body: true, codes: [...postedCodes, 'not_releasable'] }),
      },
    },
    async (request, reply) => {
      const { statement, scope, reply_by, ...body } = request.body;
      const target = await store.statement(statement);
      if (!target) throw notHere('statement');
      if (target.own) throw new Problem('not_releasable', 'this is a statement of this agency: nobody needs to consent');
      const input = statementAbout(target, 'consent_request', {
        now: now(),
        validUntil: latest(reply_by, scope.until),
        rel: [{ type: 'replies_to', of: statement }],
        body: { consent_kind: 'ONWARD_TRANSFER', ...body, scope: scope as JsonObject, reply_by },
      });
      const answer = await issue.post({ input, addressees: [target.iss], by: request.actor, ...idempotencyOf(request) });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  app.get(
    '/v1/onward/requests',
    {
      config: { permission: 'statement.read', content: true },
      schema: {
        operationId: 'listConsentRequests',
        summary: 'Requests for consent, and where they stand',
        description:
          'Own ones and those of partners, the latest first; what may not be read for the purpose named in the headers is left out.',
        tags,
        querystring: listQuery({ own: Type.Optional(Type.Boolean({ description: 'True: those of this agency.' })) }),
        headers: Type.Object(purposeHeaders),
        response: responses({ 200: listOf(requestShape, 'Requests.') }, { content: true, codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      const { own } = request.query;
      const page = await store.statements({ ...paging(request.query), kind: 'consent_request', ...(own === undefined ? {} : { own }) });
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: 'requests for consent' })] });
      const items = await Promise.all(page.items.map((record) => described(record.digest, request.actor)));
      return pageOf({ ...page, items: items.filter((item) => item !== undefined) }, (item) => item);
    },
  );

  app.post(
    '/v1/onward/releases',
    {
      config: { permission: 'draft.decide' },
      schema: {
        operationId: 'passOn',
        summary: 'Pass on a statement of another agency',
        description:
          "To agencies that its originator has consented to. The originator's signature stays; parts may be held back; the consent and the originator's configuration travel with the release.",
        tags,
        headers: Type.Object(idempotencyHeader),
        body: Type.Object(
          {
            statement: digest('What is passed on.'),
            addressees,
            hold_back: Type.Optional(
              Type.Array(Type.String({ maxLength: 200, pattern: '^/' }), {
                maxItems: 500,
                uniqueItems: true,
                description: 'JSON pointers of parts that stay here, with everything in them.',
                examples: [['/body/parties', '/body/goods/0/C1']],
              }),
            ),
            reason,
          },
          closed,
        ),
        response: responses(
          { 201: releasedAnew },
          {
            body: true,
            codes: ['not_found', 'not_releasable', 'nothing_released', 'same_person', 'rules_changed', 'idempotency_mismatch'],
          },
        ),
      },
    },
    async (request, reply) => {
      const { statement, addressees, hold_back = [], reason } = request.body;
      const by = { ...request.actor, justification: reason };
      const answer = await issue.relay({ statement, addressees, heldBack: hold_back, by, ...idempotencyOf(request) });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  /** Undefined where the request may not be read for this purpose, or its content is gone. */
  async function described(digest: string, by: Actor): Promise<Static<typeof requestShape> | undefined> {
    const record = (await store.statement(digest))!;
    const content = await contentOf(deps, record, by).catch((error) => {
      if (error instanceof Problem) return undefined;
      throw error;
    });
    const statement = content?.rel.find(({ type }) => type === 'replies_to')?.of;
    const target = statement && (await store.statement(statement));
    if (!content || !target) return undefined;
    const body = content.body as JsonObject;
    const decision = await decisionOn(consents, digest, target.iss);
    return {
      request: digest,
      own: record.own,
      holder: record.iss,
      originator: target.iss,
      statement: target.digest,
      consent_kind: String(body.consent_kind),
      why: String(body.why ?? ''),
      scope: (body.scope ?? {}) as Record<string, unknown>,
      reply_by: String(body.reply_by),
      state: consentStateOf(body, decision, now()),
      ...present({
        to_whom: body.to_whom as string[],
        subject: body.subject as string,
        right: body.right as string,
        claim: body.claim as string,
        consent: decision?.record.digest,
      }),
      ...(decision && { decided: decision.body }),
    };
  }
}
