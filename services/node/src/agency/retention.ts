/** What the clock will end, what a legal hold keeps, and from when no copy of what was erased can come back. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { accessEntry } from './access.js';
import type { HorizonActs } from './acts.js';
import {
  closed,
  digest,
  digestParameter,
  headerOf,
  listOf,
  listQuery,
  notHere,
  pageOf,
  paging,
  statementHeader,
  time,
  when,
} from './shapes.js';

const DAY = 86_400;
const tags = ['Retention'];

const due = Type.Object(
  {
    content: digest('The content: of the statement where it is own, of the release where it came in.'),
    statement: statementHeader,
    retention_class: Type.Optional(Type.String({ description: 'Code of the list `retention-class`.', examples: ['R-ALERT-SHIPMENT'] })),
    review_at: Type.Optional(time('When somebody should look whether it is still needed.')),
    erase_at: Type.Optional(time('When the clock destroys it.')),
    on_hold: Type.Boolean({ description: 'A legal hold stops the clock.' }),
  },
  { description: 'A content whose review or end is due.' },
);
const held = Type.Object(
  {
    statement: digest('The statement.'),
    reason: Type.String(),
    placed_by: Type.String({ description: 'Pseudonym.' }),
    placed_at: time('When.'),
  },
  { description: 'A legal hold: nothing of the statement is erased. Whether it may be used is another matter.' },
);
const erasure = Type.Object(
  {
    content: digest('The content that is gone.'),
    erased_at: time('When it was erased here.'),
    no_copy_after: Type.Optional(
      time('From then on no copy, no backup and no replica can give it back. Absent: that day has not come yet.'),
    ),
  },
  { description: 'The record of an erasure.' },
);

export function retentionRoutes(
  app: App,
  deps: { store: Pick<Store, 'statement' | 'due' | 'hold' | 'erasuresOf' | 'commit'>; horizon: HorizonActs; now: () => number },
): void {
  const { store, horizon, now } = deps;

  app.get(
    '/v1/retention/due',
    {
      config: { permission: 'retention.read' },
      schema: {
        operationId: 'listRetentionDue',
        summary: 'List what is due',
        description: 'Contents whose review or erasure falls within the days asked for, in the order in which they came.',
        tags,
        querystring: listQuery({ within_days: Type.Optional(Type.Integer({ minimum: 0, maximum: 3660, description: '30 unless told.' })) }),
        response: responses({ 200: listOf(due, 'What is due.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      const page = await store.due({ ...paging(request.query), until: now() + (request.query.within_days ?? 30) * DAY });
      await store.commit({ access: [accessEntry(request.actor, 'SEARCH', { object: 'retention due' })] });
      return pageOf(page, ({ ref, statement, expiresAt, reviewAt, held: on_hold }) => {
        const { retention_class } = (statement.claims as { handling: { retention_class?: string } }).handling;
        return {
          content: ref,
          statement: headerOf(statement, now()),
          on_hold,
          ...(retention_class !== undefined && { retention_class }),
          ...(expiresAt !== undefined && { erase_at: when(expiresAt) }),
          ...(reviewAt !== undefined && { review_at: when(reviewAt) }),
        };
      });
    },
  );

  app.get(
    '/v1/statements/:digest/hold',
    {
      config: { permission: 'retention.read' },
      schema: {
        operationId: 'getHold',
        summary: 'The legal hold on a statement',
        description: '404 where there is none.',
        tags,
        params: digestParameter,
        response: responses({ 200: held }, { codes: ['not_found'] }),
      },
    },
    async (request) => await holdOn(request.params.digest),
  );

  app.put(
    '/v1/statements/:digest/hold',
    {
      config: { permission: 'hold.write' },
      schema: {
        operationId: 'placeHold',
        summary: 'Place a legal hold',
        description: 'Stops every erasure of the statement: by the clock, and by a recall. A recall still ends its use.',
        tags,
        params: digestParameter,
        body: Type.Object(
          {
            reason: Type.String({
              minLength: 10,
              maxLength: 500,
              description: 'Why it must be kept.',
              examples: ['Evidence in proceedings 2031-17 before the district court'],
            }),
          },
          closed,
        ),
        response: responses({ 200: held }, { body: true, codes: ['not_found', 'conflict'] }),
      },
    },
    async (request) => {
      const { digest: statement } = request.params;
      if (!(await store.statement(statement))) throw notHere('statement');
      if (await store.hold(statement)) throw new Problem('conflict', 'there is a legal hold on this statement already');
      await store.commit({
        holds: [{ statement, reason: request.body.reason, by: request.actor.pseudonym }],
        access: [accessEntry(request.actor, 'ALTER', { object: statement, code: 'hold' })],
      });
      return await holdOn(statement);
    },
  );

  app.delete(
    '/v1/statements/:digest/hold',
    {
      config: { permission: 'hold.write' },
      schema: {
        operationId: 'liftHold',
        summary: 'Lift a legal hold',
        description: 'What is due by then is erased at the next turn of the clock.',
        tags,
        params: digestParameter,
        response: responses({ 204: Type.Null({ description: 'It is lifted.' }) }, { codes: ['not_found'] }),
      },
    },
    async (request, reply) => {
      const { statement } = await holdOn(request.params.digest);
      await store.commit({
        holds: [{ statement, by: request.actor.pseudonym, lift: true }],
        access: [accessEntry(request.actor, 'ALTER', { object: statement, code: 'hold_lifted' })],
      });
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/v1/statements/:digest/erasures',
    {
      config: { permission: 'retention.read' },
      schema: {
        operationId: 'listErasures',
        summary: 'What was erased of a statement',
        description: 'With the time from which no copy of it can come back.',
        tags,
        params: digestParameter,
        response: responses({ 200: listOf(erasure, 'Erasures.') }, { codes: ['not_found'] }),
      },
    },
    async (request) => {
      if (!(await store.statement(request.params.digest))) throw notHere('statement');
      const items = await store.erasuresOf(request.params.digest);
      return {
        items: items.map(({ ref, erasedAt, goneAt }) => ({
          content: ref,
          erased_at: when(erasedAt),
          ...(goneAt !== undefined && { no_copy_after: when(goneAt) }),
        })),
      };
    },
  );

  app.post(
    '/v1/retention/horizon',
    {
      config: { permission: 'horizon.move' },
      schema: {
        operationId: 'moveHorizon',
        summary: 'Make erasures final now',
        description:
          'Wraps the key of everything that is still here under a new key-encryption key and destroys the old one: from then on no backup and no replica can give back what was erased before. The node does it by itself on a schedule.',
        tags,
        response: responses(
          {
            200: Type.Object(
              {
                rewrapped: Type.Integer({ description: 'Keys that were wrapped anew.' }),
                destroyed: Type.Array(Type.String({ description: 'Name of a key-encryption key that is gone.' })),
              },
              { description: 'What was done.' },
            ),
          },
          { codes: ['conflict'] },
        ),
      },
    },
    async (request) => await horizon.move(request.actor),
  );

  async function holdOn(statement: string) {
    const found = await store.hold(statement);
    if (!found) throw notHere('legal hold');
    return { statement: found.statement, reason: found.reason, placed_by: found.placedBy, placed_at: when(found.placedAt) };
  }
}
