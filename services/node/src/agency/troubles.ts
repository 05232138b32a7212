/** What did not go through, visible to people and tried again by hand: quarantined here, or refused by a partner. */
import type { QuarantineRecord, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import type { DeliverActs, ReceiveActs } from './acts.js';
import {
  digest,
  entityId,
  listOf,
  listQuery,
  pageOf,
  paging,
  releaseParameter,
  releaseState,
  releaseStateOf,
  time,
  when,
} from './shapes.js';
import { releasedAnew } from './statements.js';

const quarantined = Type.Object(
  {
    release: digest('The release.'),
    from: entityId('Who sent it.'),
    code: Type.String({ description: 'What is wrong with it.', examples: ['unknown_kind'] }),
    reason: Type.String({ description: 'In words.' }),
    at: time('Since when.'),
  },
  { description: 'Kept encrypted for 30 days, and judged again on demand.' },
);
const verdict = Type.Object(
  { verdict: Type.Enum(['held', 'quarantined', 'refused']), code: Type.Optional(Type.String()), reason: Type.Optional(Type.String()) },
  { description: 'The new verdict.' },
);

const quarantinedOf = (r: QuarantineRecord): Static<typeof quarantined> => ({
  release: r.release,
  from: r.from,
  code: r.code,
  reason: r.reason,
  at: when(r.at),
});

const tags = ['Delivery'];

export function troubleRoutes(
  app: App,
  deps: { store: Pick<Store, 'quarantined' | 'deadLetters'>; receive: ReceiveActs; deliver: Pick<DeliverActs, 'retryDeadLetter'> },
): void {
  const { store, receive, deliver } = deps;

  app.get(
    '/v1/quarantine',
    {
      config: { permission: 'delivery.read' },
      schema: {
        operationId: 'listQuarantine',
        summary: 'What came in and could not be judged',
        description: 'By form, key, kind or schema; without content.',
        tags,
        querystring: listQuery({}),
        response: responses({ 200: listOf(quarantined, 'Quarantine.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => pageOf(await store.quarantined(paging(request.query)), quarantinedOf),
  );

  app.post(
    '/v1/quarantine/:release/retry',
    {
      config: { permission: 'delivery.retry' },
      schema: {
        operationId: 'retryQuarantine',
        summary: 'Judge it again',
        description: 'After a fix: a new key, a new version of this node. The sender gets a receipt that replaces the first.',
        tags,
        params: releaseParameter,
        response: responses({ 200: verdict }, { codes: ['not_found'] }),
      },
    },
    async (request) => await receive.retryQuarantine({ release: request.params.release, by: request.actor }),
  );

  app.get(
    '/v1/dead-letters',
    {
      config: { permission: 'delivery.read' },
      schema: {
        operationId: 'listDeadLetters',
        summary: 'What a partner refused',
        description: 'With the code that the partner signed. Nothing behind it is held up.',
        tags,
        querystring: listQuery({}),
        response: responses({ 200: listOf(releaseState, 'Refused releases.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => pageOf(await store.deadLetters(paging(request.query)), releaseStateOf),
  );

  app.post(
    '/v1/dead-letters/:release/retry',
    {
      config: { permission: 'delivery.retry' },
      schema: {
        operationId: 'retryDeadLetter',
        summary: 'Offer it again',
        description: 'A refusal is final for its release: the statement is released anew, if the rules still permit it.',
        tags,
        params: releaseParameter,
        response: responses(
          { 201: releasedAnew },
          { codes: ['not_found', 'not_releasable', 'nothing_released', 'same_person', 'rules_changed'] },
        ),
      },
    },
    async (request, reply) => {
      const answer = await deliver.retryDeadLetter({ release: request.params.release, by: request.actor });
      return reply.status(201).send(answer as never);
    },
  );
}
