/** The originator's side: consent, refuse, withdraw. Each is a signed statement that a second officer releases. */
import { codesOf, type JsonObject } from '@entente/statement';
import type { StatementRecord } from '@entente/store';
import { Type } from 'typebox';
import { recipientsOf, statementAbout } from '../flow/consent-inputs.js';
import { responses } from '../http/describe.js';
import { idempotencyHeader, idempotencyOf } from '../http/idempotency.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { purposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { Actor } from './acts.js';
import { contentOf } from './content.js';
import { type OnwardDeps, postedCodes } from './onward.js';
import { field, grantedScope, toWhom } from './onward-shapes.js';
import { closed, digestParameter, notHere } from './shapes.js';
import { awaiting, posted } from './statements.js';

const tags = ['Onward sharing'];
/** How long a refusal or a withdrawal stands as a statement of its own. */
const STANDS_SECONDS = 366 * 86_400;

const decision = Type.Object(
  {
    decision: Type.Enum(['GRANTED', 'GRANTED_WITH_CONDITIONS', 'REFUSED']),
    to_whom: Type.Optional(toWhom),
    scope: Type.Optional(grantedScope),
    told: Type.Optional(
      Type.Array(field, {
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
        description: 'Where a person is to be told: of what of it. Absent: of all.',
      }),
    ),
    conditions: Type.Optional(Type.String({ minLength: 3, maxLength: 2000, description: 'In words, for the holder.' })),
    external_consent: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'The consent from outside, where the statement came from outside the federation.',
        examples: ['Letter of 3 March 2031, ref. 2031-44'],
      }),
    ),
    refusal: Type.Optional(Type.Enum(codesOf('refusal'), { description: 'The ground, where it is refused.', examples: ['RG02'] })),
  },
  closed,
);

export function onwardDecisionRoutes(app: App, deps: OnwardDeps): void {
  const { store, issue, now } = deps;

  app.post(
    '/v1/onward/requests/:digest/decision',
    {
      config: { permission: 'statement.post', content: true },
      schema: {
        operationId: 'decideOnConsent',
        summary: 'Consent, or refuse',
        description:
          'Makes a signed statement of the kind `consent` for the agency that asked; a second officer releases it. What `to_whom` and `scope` do not name is not consented to. Where a person is to be told what is held about him, `told` says of what of it; who refuses lets neither confirm nor deny.',
        tags,
        params: digestParameter,
        headers: Type.Object({ ...idempotencyHeader, ...purposeHeaders }),
        body: decision,
        response: responses(
          { 201: posted, 202: awaiting },
          { body: true, content: true, codes: [...postedCodes, 'conflict', 'reader_not_named', 'recalled'] },
        ),
      },
    },
    async (request, reply) => {
      const { to_whom, scope, ...said } = request.body;
      const asked = await read(request.params.digest, 'consent_request', request.actor);
      const target = await ownTarget(asked.rel, 'replies_to');
      if ((await deps.consents.decisionsOn(asked.record.digest, target.iss)).length > 0)
        throw new Problem('conflict', 'this request is decided; a consent can be withdrawn, and a new request be made');
      const granted = said.decision !== 'REFUSED';
      const passesOn = asked.body.consent_kind === 'ONWARD_TRANSFER';
      if (granted && passesOn && (!to_whom || !scope)) throw incomplete();
      if (!granted && said.refusal === undefined) throw groundless();
      const input = statementAbout(target, 'consent', {
        now: now(),
        validUntil: granted && scope ? scope.until : standing(now()),
        rel: [
          { type: 'consents_to', of: target.digest },
          { type: 'replies_to', of: asked.record.digest },
        ],
        body: {
          ...said,
          consent_kind: String(asked.body.consent_kind),
          holder: asked.record.iss,
          ...(granted && to_whom ? { to_whom: recipientsOf(to_whom) } : {}),
          ...(granted && scope ? { scope: scope as JsonObject } : {}),
        },
      });
      const answer = await issue.post({ input, addressees: [asked.record.iss], by: request.actor, ...idempotencyOf(request) });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  app.post(
    '/v1/onward/consents/:digest/withdrawal',
    {
      config: { permission: 'statement.post', content: true },
      schema: {
        operationId: 'withdrawConsent',
        summary: 'Withdraw a consent for the future',
        description:
          'What was passed on before stays with those who got it, under its terms; a recall ends that. From now on the holder passes on nothing under it.',
        tags,
        params: digestParameter,
        headers: Type.Object({ ...idempotencyHeader, ...purposeHeaders }),
        response: responses(
          { 201: posted, 202: awaiting },
          { content: true, codes: [...postedCodes, 'conflict', 'reader_not_named', 'recalled'] },
        ),
      },
    },
    async (request, reply) => {
      const given = await read(request.params.digest, 'consent', request.actor);
      const target = await ownTarget(given.rel, 'consents_to');
      if (await deps.consents.withdrawn(given.record.digest)) throw new Problem('conflict', 'this consent is withdrawn already');
      const holder = String(given.body.holder);
      const input = statementAbout(target, 'consent', {
        now: now(),
        validUntil: standing(now()),
        rel: [
          { type: 'supersedes', of: given.record.digest },
          { type: 'consents_to', of: target.digest },
        ],
        body: { consent_kind: String(given.body.consent_kind), decision: 'WITHDRAWN', holder },
      });
      const answer = await issue.post({ input, addressees: [holder], by: request.actor, ...idempotencyOf(request) });
      return reply.status(answer.status as 201).send(answer.body as never);
    },
  );

  async function read(digest: string, kind: string, by: Actor) {
    const record = await store.statement(digest);
    if (record?.kind !== kind) throw notHere('statement');
    const { body, rel } = await contentOf(deps, record, by);
    await store.commit({ access: [accessEntry(by, 'CONSULT', { object: digest })] });
    return { record, body: body as JsonObject, rel };
  }

  /** Only the originator decides. */
  async function ownTarget(rel: { type: string; of: string }[], type: string): Promise<StatementRecord> {
    const target = rel.find((relation) => relation.type === type);
    const record = target && (await store.statement(target.of));
    if (!record?.own) throw notHere('statement');
    return record;
  }
}

const standing = (now: number): string => `${new Date((now + STANDS_SECONDS) * 1000).toISOString().slice(0, 19)}Z`;

const groundless = (): Problem =>
  new Problem('invalid_request', 'who refuses names the ground', {
    errors: [{ pointer: '/refusal', message: 'a code of the list `refusal` is needed for a refusal' }],
  });

const incomplete = (): Problem =>
  new Problem('invalid_request', 'who consents says to whom and to what', {
    errors: [{ pointer: '/scope', message: 'to_whom and scope are needed for a consent' }],
  });
