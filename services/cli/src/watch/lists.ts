import type { Watch, WatchHit } from '../answers.js';
import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { moreBelow, type PagingOptions, pageOf } from '../paging.js';
import { type Columns, listing } from '../table.js';

interface Watched {
  word?: string[];
  identifier?: [string, string][];
  note?: string;
}

const watchedOf = (name: string, { word, identifier, note }: Watched) => ({
  name,
  ...(note !== undefined && { note }),
  ...(word && { words: word }),
  ...(identifier && { identifiers: identifier.map(([scheme, value]) => ({ scheme, value })) as never }),
});

export const addWatch: Act<ConnectionOptions & Watched> = async (options, [name = '']) => {
  const { data } = await (await connect(options, 'ANALYST')).POST('/v1/watches', { body: watchedOf(name, options) });
  return { result: { ...data }, words: [`Watch list ${data?.id}: ${data?.entries} entries.`] };
};

const lists: Columns<Watch> = {
  ID: (w) => w.id,
  NAME: (w) => w.watched.name,
  ENTRIES: (w) => w.entries,
  AUTHOR: (w) => w.author,
  CHANGED: (w, show) => show.time(w.updated_at),
  'PAST COMPARED': (w) => (w.complete ? 'yes' : 'not yet'),
};

export const listWatches: Act<ConnectionOptions & PagingOptions> = async (options) => {
  const client = await connect(options, 'ANALYST');
  const page = await pageOf(options, (query) => client.GET('/v1/watches', { params: { query } }));
  return {
    result: { ...page },
    words: [...listing(page.items, lists, { wide: options.wide, none: 'No lists yet: `entente watch add`.' }), ...moreBelow(page)],
  };
};

const hits: Columns<WatchHit> = {
  DIGEST: ({ statement }, show) => show.digest(statement.digest),
  KIND: ({ statement }) => statement.kind,
  ORIGINATOR: ({ statement }) => statement.originator,
  STORED: ({ statement }, show) => show.time(statement.stored_at),
  MATCHES: ({ fields }) => fields.join(', '),
};

export const listHits: Act<ConnectionOptions & PagingOptions> = async (options, [id = '']) => {
  const client = await connect(options, 'ANALYST');
  const page = await pageOf(options, (query) => client.GET('/v1/watches/{id}/hits', { params: { path: { id }, query } }));
  return {
    result: { ...page },
    words: [...listing(page.items, hits, { wide: options.wide, none: 'It matched nothing yet.' }), ...moreBelow(page)],
  };
};

export const changeWatch: Act<ConnectionOptions & Watched & { name: string }> = async (options, [id = '']) => {
  const client = await connect(options, 'ANALYST');
  const params = { path: { id }, header: { 'if-match': await etagOf(client, id) } };
  const { data } = await client.PUT('/v1/watches/{id}', { params, body: watchedOf(options.name, options) });
  return { result: { ...data }, words: [`Watch list ${id}, version ${data?.version}: ${data?.entries} entries.`] };
};

export const removeWatch: Act<ConnectionOptions> = async (options, [id = '']) => {
  const client = await connect(options, 'ANALYST');
  await client.DELETE('/v1/watches/{id}', { params: { path: { id }, header: { 'if-match': await etagOf(client, id) } } });
  return { result: { id, state: 'removed' }, words: [`Watch list ${id} is gone.`] };
};

/** Of the version that is there now; a list that is not there is refused by its own route. */
async function etagOf(client: Awaited<ReturnType<typeof connect>>, id: string): Promise<string> {
  const page = await pageOf({ all: true }, (query) => client.GET('/v1/watches', { params: { query } }));
  return `"${page.items.find((item) => item.id === id)?.version ?? 1}"`;
}
