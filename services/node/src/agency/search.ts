/** Search in what this node holds. The question is a body, so that what somebody looks for stands in no address and no log. */
import type { Store, TimeRange } from '@entente/store';
import { Type } from 'typebox';
import type { ContentKeys } from '../content-keys.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { purposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import { codes, conditionsOf, identifiers, places, termReader, words } from './search-terms.js';
import { closed, entityId, headerOf, kindName, listOf, listQuery, pageOf, paging, statementHeader, time } from './shapes.js';
import { statementState } from './states.js';

const several = { minItems: 1, maxItems: 5_000 };
const range = (description: string) =>
  Type.Object(
    { from: Type.Optional(time('Not before.')), to: Type.Optional(time('Not after.')) },
    { ...closed, minProperties: 1, description },
  );

const question = Type.Object(
  {
    ...listQuery({}).properties,
    identifiers: Type.Optional(identifiers),
    words: Type.Optional(words),
    codes: Type.Optional(codes),
    places: Type.Optional(places),
    kinds: Type.Optional(Type.Array(kindName, several)),
    originators: Type.Optional(Type.Array(entityId('Who signed it.'), several)),
    own: Type.Optional(Type.Boolean({ description: 'True: own ones; false: received ones.' })),
    exercise: Type.Optional(Type.Boolean({ description: 'True: exercises only; false: none of them.' })),
    state: Type.Optional(statementState),
    issued: Type.Optional(range('When it was signed.')),
    valid_from: Type.Optional(range('From when it may be used.')),
    valid_until: Type.Optional(range('Until when.')),
  },
  {
    ...closed,
    description: 'Every member must hold. Of the items of a list one must; a list that is there is never empty.',
    examples: [{ identifiers: [{ scheme: 'container', value: 'DEMU 123456-7' }], kinds: ['alert'], state: 'IN_FORCE', limit: 20 }],
  },
);

export function searchRoutes(app: App, deps: { store: Pick<Store, 'search' | 'commit'>; content: ContentKeys; now: () => number }): void {
  const { store, now } = deps;
  const terms = termReader(deps.content);

  app.post(
    '/v1/statements/search',
    {
      config: { permission: 'statement.read', content: true },
      schema: {
        operationId: 'searchStatements',
        summary: 'Search statements',
        description:
          'Headers, the latest first, of what may be used for the purpose named in the headers. New ones do not shift the following pages. A page may hold less than `limit`, also nothing: as long as it has a `next` there is more to look at. The access log keeps which members were asked for and how many items each had, never the items.',
        tags: ['Statements'],
        headers: Type.Object(purposeHeaders),
        body: question,
        response: responses({ 200: listOf(statementHeader, 'Headers.') }, { body: true, codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      const { kinds, originators, own, exercise, state, issued, valid_from, valid_until, ...rest } = request.body;
      const conditions = conditionsOf(terms.entries(rest));
      await store.commit({ access: [accessEntry(request.actor, 'SEARCH', { object: askedFor(request.body) })] });
      const page = await store.search({
        ...paging(rest),
        conditions,
        purpose: request.actor.purpose!,
        reader: request.actor.pseudonym,
        now: now(),
        ...(kinds && { kinds }),
        ...(originators && { originators }),
        ...(own !== undefined && { own }),
        ...(exercise !== undefined && { exercise }),
        ...(state && { state: state as 'RELEASED' }),
        ...(issued && { issued: secondsOf(issued) }),
        ...(valid_from && { validFrom: secondsOf(valid_from) }),
        ...(valid_until && { validUntil: secondsOf(valid_until) }),
      });
      return pageOf(page, (record) => headerOf(record, now()));
    },
  );
}

/** Names of the members and how many items each has: who was looked for is no business of the log. */
function askedFor(body: Record<string, unknown>): string {
  const asked = Object.entries(body).filter(([member]) => member !== 'after' && member !== 'limit');
  return `search: ${asked.map(([member, value]) => (Array.isArray(value) ? `${member} (${value.length})` : member)).join(', ') || 'everything'}`;
}

const seconds = (text: string): number => Date.parse(text) / 1000;
const secondsOf = ({ from, to }: { from?: string; to?: string }): TimeRange => ({
  ...(from !== undefined && { from: Math.ceil(seconds(from)) }),
  ...(to !== undefined && { to: Math.floor(seconds(to)) }),
});
