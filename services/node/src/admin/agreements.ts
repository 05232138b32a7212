/** What an agency does with agreements, by an act of its head or administrator: the text is drafted, signed, stopped. Nothing here shows content. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import type { AgreementActs, Self } from '../agency/acts.js';
import { agreement, agreementsSeenBy } from '../agency/federation.js';
import { closed, digest, notHere, object } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';

const tags = ['Agreements'];
const config = { permission: 'agreement.write' } as const;
/** docs/protocol.md section 3. */
const bodyLimit = 64 * 1024;

export function agreementActRoutes(
  app: App,
  deps: { store: Pick<Store, 'agreements'>; self: Self; agreements: AgreementActs; now: () => number },
): void {
  const { agreements } = deps;

  app.post(
    '/v1/agreements',
    {
      bodyLimit,
      config,
      schema: {
        operationId: 'addAgreement',
        summary: 'Take in an agreement that was signed elsewhere',
        description:
          'JWS General JSON, signed by parties with their federation keys. Signatures are added to those that are held; one of a party that is not known here is left behind. If this agency has signed, the other parties are told.',
        tags,
        body: Type.Object(
          {
            payload: Type.String({ pattern: '^[A-Za-z0-9_-]+$' }),
            signatures: Type.Array(Type.Object({ protected: Type.String(), signature: Type.String() }, closed), {
              minItems: 1,
              maxItems: 200,
            }),
          },
          { ...closed, description: 'The signed agreement.' },
        ),
        response: responses({ 201: agreement }, { body: true, codes: ['agreement_invalid', 'conflict'] }),
      },
    },
    async (request, reply) => {
      const { digest } = await agreements.add({ jws: request.rawBody!.toString('utf8'), by: request.actor });
      return reply.status(201).send(await shown(digest));
    },
  );

  app.post(
    '/v1/agreements/drafts',
    {
      bodyLimit,
      config,
      schema: {
        operationId: 'draftAgreement',
        summary: 'Draft an agreement',
        description:
          'The text as the parties would sign it, for the eyes of this agency until it is proposed. A later version of one that is held has the same id, a higher version, and names in `supersedes` the digest of the one that it replaces.',
        tags,
        body: Type.Object({ agreement: object('The text: parties, time, grants, as in docs/protocol.md section 8.') }, closed),
        response: responses({ 201: agreement }, { body: true, codes: ['agreement_invalid', 'conflict'] }),
      },
    },
    async (request, reply) => {
      const { digest } = await agreements.draft({ agreement: request.body.agreement, by: request.actor });
      return reply.status(201).send(await shown(digest));
    },
  );

  app.post(
    '/v1/agreements/:digest/steps',
    {
      config,
      schema: {
        operationId: 'takeAgreementStep',
        summary: 'Propose, countersign, suspend, resume or denounce an agreement',
        description:
          '`propose` and `countersign` sign it with the federation key of this agency, for good; nothing else ever does. `suspend` stops the exchange under it with all parties until `resume`; `denounce` ends it for good. Each takes effect here at once, stands in the log, and is told to the other parties until each has taken it in.',
        tags,
        params: Type.Object({ digest: digest('The agreement.') }, closed),
        body: Type.Object({ step: Type.Enum(['propose', 'countersign', 'suspend', 'resume', 'denounce']) }, closed),
        response: responses(
          { 200: agreement },
          { body: true, codes: ['not_found', 'agreement_state', 'key_away', 'version_conflict', 'conflict'] },
        ),
      },
    },
    async (request) => {
      await agreements.take({ digest: request.params.digest, step: request.body.step, by: request.actor });
      return await shown(request.params.digest);
    },
  );

  async function shown(digest: string) {
    const found = agreementsSeenBy(deps.self.id, await deps.store.agreements(), deps.now()).find((one) => one.digest === digest);
    if (!found) throw notHere('agreement');
    return found;
  }
}
