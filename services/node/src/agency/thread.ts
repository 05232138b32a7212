/** What belongs together: all statements that relations connect, as far as this node holds them and may use them. */
import type { Digest, StatementRecord, Store } from '@entente/store';
import { Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { purposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { Actor } from './acts.js';
import { type ContentDeps, contentOf } from './content.js';
import { digest, digestParameter, headerOf, notHere, statementHeader } from './shapes.js';

const MOST = 500;
type Relation = { type: string; of: Digest };

const thread = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        header: statementHeader,
        rel: Type.Array(Type.Object({ type: Type.String({ examples: ['replies_to'] }), of: digest('The other statement.') }), {
          description: 'What it says of others, as far as that was disclosed for this purpose; also of ones that are not here.',
        }),
      }),
    ),
    complete: Type.Boolean({ description: `False: more than ${MOST} statements are connected, and some of them are not shown.` }),
  },
  { description: 'In the order in which they were issued.' },
);

export function threadRoutes(app: App, deps: ContentDeps & { store: Pick<Store, 'statement' | 'bearing' | 'commit'> }): void {
  app.get(
    '/v1/statements/:digest/thread',
    {
      config: { permission: 'statement.read', content: true },
      schema: {
        operationId: 'getThread',
        summary: 'The conversation around a statement',
        description:
          'Own and received statements that answer, correct, extend or otherwise relate to each other, found in both directions. Relations are content: only those are followed that may be used for the purpose named in the headers.',
        tags: ['Statements'],
        params: digestParameter,
        headers: Type.Object(purposeHeaders),
        response: responses({ 200: thread }, { content: true, codes: ['not_found'] }),
      },
    },
    async (request) => {
      const start = await deps.store.statement(request.params.digest);
      if (!start) throw notHere('statement');
      const { found, complete } = await connected(deps, start, request.actor);
      await deps.store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: `thread of ${start.digest}` })] });
      const now = deps.now();
      const items = found.sort((a, b) => a.record.iat - b.record.iat || a.record.position - b.record.position);
      return { items: items.map(({ record, rel }) => ({ header: headerOf(record, now), rel })), complete };
    },
  );
}

interface Found {
  record: StatementRecord;
  rel: Relation[];
}

/** Breadth first: what a statement names, and what names it. */
async function connected(
  deps: ContentDeps & { store: Pick<Store, 'statement' | 'bearing'> },
  start: StatementRecord,
  by: Actor,
): Promise<{ found: Found[]; complete: boolean }> {
  const found = new Map<Digest, Found>([[start.digest, { record: start, rel: await relationsOf(deps, start, by) }]]);
  let complete = true;
  for (const { record, rel } of found.values()) {
    const named = await Promise.all(rel.map(({ of }) => deps.store.statement(of)));
    const naming = await deps.store.bearing(deps.content.token('rel', record.digest), MOST + 1);
    complete &&= naming.length <= MOST;
    for (const other of [...named, ...naming]) {
      if (!other || found.has(other.digest)) continue;
      const relations = await relationsOf(deps, other, by);
      const says = relations.some(({ of }) => of === record.digest) || rel.some(({ of }) => of === other.digest);
      if (!says) continue;
      if (found.size === MOST) return { found: [...found.values()], complete: false };
      found.set(other.digest, { record: other, rel: relations });
    }
  }
  return { found: [...found.values()], complete };
}

/** Open ones always; the others where the content may be used. */
async function relationsOf(deps: ContentDeps, record: StatementRecord, by: Actor): Promise<Relation[]> {
  try {
    return (await contentOf(deps, record, by)).rel;
  } catch (error) {
    if (!(error instanceof Problem) || !['not_found', 'purpose_not_allowed', 'reader_not_named', 'recalled'].includes(error.code))
      throw error;
    const { rel = [] } = record.claims as { rel?: (Relation | { '...': string })[] };
    return rel.filter((one): one is Relation => 'of' in one);
  }
}
