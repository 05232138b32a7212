/** How what asks for an answer was answered: a lawful refusal is counted apart from silence. */
import type { AnswerFigure, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { accessEntry } from './access.js';
import { closed, entityId, kindName } from './shapes.js';

const count = (description: string) => Type.Integer({ minimum: 0, description });

const answers = Type.Object(
  {
    partner: entityId('Who is asked, or who asks.'),
    kind: kindName,
    own: Type.Boolean({ description: 'True: this agency asks; false: it is asked.' }),
    open: count('Not answered, and still in time.'),
    answered: count('Answered otherwise than by a refusal.'),
    refused: count('Refused with a ground, or an exception claimed under a provision of law.'),
    lapsed: count('Nobody has answered in time. That is never a consent.'),
    grounds: Type.Array(Type.Object({ code: Type.String({ examples: ['RG02'] }), count: count('How often.') }), {
      description: 'Of the refusals: codes of the list `refusal`; `EXCEPTION` of a recall.',
    }),
  },
  { description: 'Statements of one kind between this agency and one partner that ask for an answer.' },
);

export function answerRoutes(app: App, deps: { store: Pick<Store, 'answerFigures' | 'commit'>; now: () => number }): void {
  app.get(
    '/v1/answers',
    {
      config: { permission: 'answer.read' },
      schema: {
        operationId: 'listAnswers',
        summary: 'How requests and recalls are answered',
        description: 'By partner and kind. Who refuses has answered: refusals are counted apart from what nobody has answered in time.',
        tags: ['Answers'],
        querystring: Type.Object(
          { own: Type.Optional(Type.Boolean({ description: 'True: what this agency asks; false: what it is asked.' })) },
          closed,
        ),
        response: responses({
          200: Type.Object({ items: Type.Array(answers) }, { description: 'One entry per partner, kind and direction.' }),
        }),
      },
    },
    async (request) => {
      const { own } = request.query;
      const figures = await deps.store.answerFigures(deps.now());
      await deps.store.commit({ access: [accessEntry(request.actor, 'SEARCH', { object: 'answers' })] });
      return { items: summed(figures.filter((figure) => own === undefined || figure.own === own)) };
    },
  );
}

function summed(figures: readonly AnswerFigure[]): Static<typeof answers>[] {
  const sums = new Map<string, Static<typeof answers>>();
  for (const { peer, kind, own, state, code, count } of figures) {
    const key = JSON.stringify([peer, kind, own]);
    const sum = sums.get(key) ?? { partner: peer, kind, own, open: 0, answered: 0, refused: 0, lapsed: 0, grounds: [] };
    sum[state] += count;
    if (code !== null) sum.grounds.push({ code, count });
    sums.set(key, sum);
  }
  return [...sums.values()];
}
