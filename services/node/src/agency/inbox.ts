/** What partners released to this node: new, seen, taken by somebody. Content is read at /v1/statements/{digest}/content. */
import type { InboxRecord, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import type { ContentKeys } from '../content-keys.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { accessEntry } from './access.js';
import { entityId, inboxItem, inboxItemOf, kindName, listOf, listQuery, notHere, paging, releaseParameter } from './shapes.js';
import { flagsFor } from './watches.js';

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

export function inboxRoutes(
  app: App,
  deps: { store: Pick<Store, 'received' | 'receivedByDigest' | 'flags' | 'commit'>; content: ContentKeys; now: () => number },
): void {
  const { store, now } = deps;
  const flags = flagsFor(store, deps.content);

  /** With the watch lists that the items match. */
  async function shaped(items: InboxRecord[], reader: string): Promise<Static<typeof inboxItem>[]> {
    const found = await flags(
      items.map((item) => item.digest),
      reader,
    );
    return items.map((item) => inboxItemOf(item, now(), found.get(item.digest)));
  }
  const shapedOne = async (item: InboxRecord, reader: string) => (await shaped([item], reader))[0]!;

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
          state: Type.Optional(Type.Enum(['new', 'seen', 'taken'], { description: 'How far an officer is with it.' })),
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
      return { ...page, items: await shaped(page.items, request.actor.pseudonym) };
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
    async (request) => shapedOne(await known(request.params.release), request.actor.pseudonym),
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
        return shapedOne(await known(item.digest), by);
      },
    );
  }

  async function known(release: string) {
    const item = await store.receivedByDigest(release);
    if (!item) throw notHere('release');
    return item;
  }
}
