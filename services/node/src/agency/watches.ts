/** Watch lists: identifiers and words that officers wait for. What arrives or is issued and matches is flagged; a person looks at it, nothing else happens. */
import { randomUUID } from 'node:crypto';
import type { Store, WatchRecord } from '@entente/store';
import { type Static, Type } from 'typebox';
import type { ContentKeys } from '../content-keys.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { accessEntry } from './access.js';
import type { Actor } from './acts.js';
import { identifiers, termReader, words } from './search-terms.js';
import {
  closed,
  digest,
  type flag,
  headerOf,
  listOf,
  listQuery,
  notHere,
  pageOf,
  paging,
  statementHeader,
  time,
  uuid,
  when,
} from './shapes.js';

const content = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120, examples: ['Carbon fibre, spring'] }),
    note: Type.Optional(Type.String({ maxLength: 1000 })),
    identifiers: Type.Optional(identifiers),
    words: Type.Optional(words),
  },
  { ...closed, description: 'What is waited for. Any item that matches flags the statement.' },
);
type Content = Static<typeof content>;

const watch = Type.Object(
  {
    id: uuid('The list.'),
    version: Type.Integer({ minimum: 1, description: 'Also the ETag.' }),
    author: Type.String({ description: 'Pseudonym.' }),
    entries: Type.Integer({ description: 'How many items it has.' }),
    complete: Type.Boolean({ description: 'True once everything that was here before was held against it.' }),
    watched: content,
    created_at: time('When it was made.'),
    updated_at: time('When it last changed.'),
  },
  { description: 'A watch list. It is kept encrypted.' },
);
const hit = Type.Object(
  { ref: digest('The release that brought it, or the own statement.'), fields: Type.Array(Type.String()), statement: statementHeader },
  { description: 'A possible hit: a person must compare before anything is done.' },
);
const parameter = Type.Object({ id: uuid('The list.') }, closed);
const ifMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ maxLength: 40, description: 'The ETag that was read.', examples: ['"1"'] })),
});
const tags = ['Watch lists'];

export interface WatchDeps {
  store: Pick<Store, 'watch' | 'watches' | 'watchHits' | 'commit'>;
  content: ContentKeys;
  now: () => number;
}

/** Bound to the encrypted list. */
export const watchRef = (id: string): string => `watch ${id}`;

export function watchRoutes(app: App, deps: WatchDeps): void {
  const { store, now } = deps;
  const lists = watchLists(deps);

  app.post(
    '/v1/watches',
    {
      config: { permission: 'watch.write' },
      schema: {
        operationId: 'createWatch',
        summary: 'Make a watch list',
        description: 'What is here already is held against it too.',
        tags,
        body: content,
        response: responses({ 201: watch }, { body: true }),
      },
    },
    async (request, reply) => reply.status(201).send(await lists.write(randomUUID(), 0, request.body, request.actor)),
  );

  app.get(
    '/v1/watches',
    {
      config: { permission: 'watch.read' },
      schema: {
        operationId: 'listWatches',
        summary: 'List watch lists',
        description: 'The latest first.',
        tags,
        querystring: listQuery({}),
        response: responses({ 200: listOf(watch, 'Watch lists.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: 'watch lists' })] });
      return pageOf(await store.watches(paging(request.query)), lists.shapeOf);
    },
  );

  app.get(
    '/v1/watches/:id/hits',
    {
      config: { permission: 'watch.read' },
      schema: {
        operationId: 'listWatchHits',
        summary: 'What a list matched',
        description: 'Headers of the statements that match, the latest first.',
        tags,
        params: parameter,
        querystring: listQuery({}),
        response: responses({ 200: listOf(hit, 'Possible hits.') }, { codes: ['not_found', 'bad_cursor'] }),
      },
    },
    async (request) => {
      await lists.known(request.params.id);
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: `hits of watch list ${request.params.id}` })] });
      const page = await store.watchHits(request.params.id, { ...paging(request.query), reader: request.actor.pseudonym });
      return pageOf(page, ({ ref, fields, statement }) => ({ ref, fields, statement: headerOf(statement, now()) }));
    },
  );

  app.put(
    '/v1/watches/:id',
    {
      config: { permission: 'watch.write' },
      schema: {
        operationId: 'replaceWatch',
        summary: 'Change a watch list',
        description: 'It begins anew: its earlier hits are forgotten, and everything is held against it again.',
        tags,
        params: parameter,
        headers: ifMatch,
        body: content,
        response: responses({ 200: watch }, { body: true, codes: ['not_found', 'version_missing', 'version_conflict'] }),
      },
    },
    async (request) => {
      const { version } = await lists.atVersion(request.params.id, request.headers['if-match']);
      return await lists.write(request.params.id, version, request.body, request.actor);
    },
  );

  app.delete(
    '/v1/watches/:id',
    {
      config: { permission: 'watch.write' },
      schema: {
        operationId: 'removeWatch',
        summary: 'Remove a watch list',
        description: 'With its hits; nothing of what it looked for stays.',
        tags,
        params: parameter,
        headers: ifMatch,
        response: responses(
          { 204: Type.Null({ description: 'Removed.' }) },
          { codes: ['not_found', 'version_missing', 'version_conflict'] },
        ),
      },
    },
    async (request, reply) => {
      await lists.remove(await lists.atVersion(request.params.id, request.headers['if-match']), request.actor);
      return reply.status(204).send(null);
    },
  );
}

function watchLists({ store, content: keys }: WatchDeps) {
  const terms = termReader(keys);
  const opened = (record: WatchRecord): Content => JSON.parse(keys.open(record.sealed!, watchRef(record.id))[0]!) as Content;

  const shapeOf = (record: WatchRecord): Static<typeof watch> => ({
    id: record.id,
    version: record.version,
    author: record.author,
    entries: record.entries,
    complete: record.complete,
    watched: opened(record),
    created_at: when(record.createdAt),
    updated_at: when(record.updatedAt),
  });

  async function known(id: string): Promise<WatchRecord> {
    const record = await store.watch(id);
    if (!record) throw notHere('watch list');
    return record;
  }

  async function atVersion(id: string, etag: string | undefined): Promise<WatchRecord> {
    const record = await known(id);
    if (etag === undefined) throw new Problem('version_missing', 'send the ETag that you read in the header if-match');
    if (etag !== `"${record.version}"`) throw new Problem('version_conflict', `this list is in version ${record.version}; read it again`);
    return record;
  }

  async function write(id: string, expectVersion: number, watched: Content, by: Actor): Promise<Static<typeof watch>> {
    const { identifiers: ids, words: texts } = terms.entries(watched);
    const entries = [...ids, ...texts];
    if (entries.length === 0) throw new Problem('invalid_request', 'a watch list looks for at least one identifier or word');
    const sealed = keys.seal([JSON.stringify(watched)], watchRef(id));
    await store.commit({
      watches: [{ id, expectVersion, state: 'active', author: by.pseudonym, unit: by.unit, sealed, entries }],
      access: [accessEntry(by, 'ALTER', { object: `watch list ${id}` })],
    });
    return shapeOf(await known(id));
  }

  async function remove({ id, version, author, unit }: WatchRecord, by: Actor): Promise<void> {
    await store.commit({
      watches: [{ id, expectVersion: version, state: 'removed', author, unit, entries: [] }],
      access: [accessEntry(by, 'ALTER', { object: `watch list ${id}`, code: 'removed' })],
    });
  }
  return { shapeOf, known, atVersion, write, remove };
}

/** Names of the lists that each of these matched: what an inbox shows beside an item. */
export function flagsFor(store: Pick<Store, 'flags'>, keys: Pick<ContentKeys, 'open'>) {
  return async (refs: string[], reader: string): Promise<Map<string, Static<typeof flag>[]>> => {
    const flags = new Map<string, Static<typeof flag>[]>();
    for (const { ref, watch: list, fields } of await store.flags(refs, reader)) {
      const { name } = JSON.parse(keys.open(list.sealed!, `watch ${list.id}`)[0]!) as Content;
      flags.set(ref, [...(flags.get(ref) ?? []), { watch: list.id, name, fields }]);
    }
    return flags;
  };
}
