/** What partners released to this node: new, seen, taken by somebody. Content is read at /v1/statements/{digest}/content. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { accessEntry } from './access.js';
import { entityId, inboxItem, inboxItemOf, kindName, listOf, listQuery, notHere, pageOf, paging, releaseParameter } from './shapes.js';

const tags = ['Inbox'];
const acts = [
  { act: 'seen', operationId: 'markSeen', summary: 'Mark as seen', description: 'Somebody has looked at it.' },
  {
    act: 'taken',
    operationId: 'takeRelease',
    summary: 'Take it',
    description: 'From now on this officer deals with it; a second one is told who has it.',
  },
] as const;
const paths = { seen: 'seen', taken: 'take' } as const;

export function inboxRoutes(app: App, deps: { store: Pick<Store, 'received' | 'receivedByDigest' | 'commit'> }): void {
  const { store } = deps;

  app.get(
    '/v1/inbox',
    {
      config: { permission: 'inbox.read' },
      schema: {
        operationId: 'listInbox',
        summary: 'List what came in',
        description: 'Headers and terms, the latest first.',
        tags,
        querystring: listQuery({
          state: Type.Optional(Type.Enum(['new', 'seen', 'taken'])),
          kind: Type.Optional(kindName),
          from: Type.Optional(entityId('Who released it.')),
        }),
        response: responses({ 200: listOf(inboxItem, 'What came in.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      const { state, kind, from } = request.query;
      const page = await store.received({
        ...paging(request.query),
        ...(state && { state }),
        ...(kind !== undefined && { kind }),
        ...(from !== undefined && { from }),
      });
      await store.commit({ access: [accessEntry(request.actor, 'SEARCH', { object: request.url.slice(0, 500) })] });
      return pageOf(page, inboxItemOf);
    },
  );

  app.get(
    '/v1/inbox/:release',
    {
      config: { permission: 'inbox.read' },
      schema: {
        operationId: 'getInboxItem',
        summary: 'One release that came in',
        description: 'Header and terms.',
        tags,
        params: releaseParameter,
        response: responses({ 200: inboxItem }, { codes: ['not_found'] }),
      },
    },
    async (request) => inboxItemOf(await known(request.params.release)),
  );

  for (const { act, ...words } of acts) {
    app.post(
      `/v1/inbox/:release/${paths[act]}`,
      {
        config: { permission: 'inbox.take' },
        schema: { ...words, tags, params: releaseParameter, response: responses({ 200: inboxItem }, { codes: ['not_found', 'conflict'] }) },
      },
      async (request) => {
        const item = await known(request.params.release);
        const by = request.actor.pseudonym;
        if (item.inboxState === 'taken' && item.takenBy !== by)
          throw new Problem('conflict', `${item.takenBy ?? 'another officer'} has taken it`);
        if (item.inboxState !== 'taken' && item.inboxState !== act) {
          await store.commit({
            inbox: [{ release: item.digest, state: act, by }],
            access: [accessEntry(request.actor, 'ALTER', { object: item.digest })],
          });
        }
        return inboxItemOf(await known(item.digest));
      },
    );
  }

  async function known(release: string) {
    const item = await store.receivedByDigest(release);
    if (!item) throw notHere('release');
    return item;
  }
}
