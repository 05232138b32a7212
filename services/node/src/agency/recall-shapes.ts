/** Recalls and corrections as the API takes and shows them. */
import { codesOf } from '@entente/statement';
import { type Static, Type } from 'typebox';
import { closed, digest, entityId, time } from './shapes.js';

const pointer = Type.String({
  pattern: '^(/[A-Za-z0-9_]{1,60}){1,8}$',
  maxLength: 500,
  description: 'JSON pointer of a field of the statement. What is disclosed with it goes with it.',
  examples: ['/body/goods/0/value'],
});

const common = {
  reason: Type.Enum(codesOf('recall-reason'), { description: 'Code of the list `recall-reason`.', examples: ['FACTUALLY_WRONG'] }),
  comply_by: Type.Optional(time('By when holders comply. By default what the list `deadline` says for the reason.')),
  applies_to_derivatives: Type.Optional(
    Type.Boolean({ description: 'Whether it applies to what holders derived from it, too; true unless told.' }),
  ),
  follows: Type.Optional(digest("A holder's question about a person (`consent_request`) of which this is the consequence.")),
  explanation: Type.Optional(
    Type.Object(
      {
        text: Type.String({ minLength: 1, maxLength: 1000 }),
        data_class: Type.String({
          minLength: 2,
          maxLength: 2,
          description: 'Data class of the text, a code of the list `data-class`.',
          examples: ['N0'],
        }),
      },
      { ...closed, description: 'In words, for those who may see its data class.' },
    ),
  ),
};

export const recallInput = Type.Object(
  {
    ...common,
    effect: Type.Enum(codesOf('recall-effect'), { description: 'Code of the list `recall-effect`.', examples: ['ERASE'] }),
    fields: Type.Optional(
      Type.Array(pointer, { minItems: 1, maxItems: 200, uniqueItems: true, description: 'Absent: the whole statement.' }),
    ),
  },
  closed,
);

export const correctionInput = Type.Object(
  {
    ...common,
    changes: Type.Array(
      Type.Object(
        {
          field: pointer,
          value: Type.Optional(Type.String({ minLength: 1, maxLength: 4000, description: 'What is right; absent: nothing stands there.' })),
        },
        closed,
      ),
      { minItems: 1, maxItems: 200 },
    ),
  },
  closed,
);

const holder = Type.Object(
  {
    holder: entityId('To whom this node released the target.'),
    state: Type.Enum(['PENDING', 'OVERDUE', 'COMPLIED', 'EXCEPTION'], { description: '`PENDING` and `OVERDUE` still owe an answer.' }),
    delivered: Type.Boolean({ description: 'It has signed that it holds the recall.' }),
    outcome: Type.Optional(Type.String({ description: 'Code of the list `compliance-outcome`.', examples: ['COMPLIED'] })),
    answer: Type.Optional(digest('The signed answer, a statement.')),
    answered_at: Type.Optional(time('When that arrived.')),
    kept_until: Type.Optional(time('Of an exception.')),
  },
  { description: 'One holder. Seen only by the node that gave it the target: the originator, or who passed it on.' },
);

export const recallShape = Type.Object(
  {
    statement: digest('The statement that recalls or corrects.'),
    type: Type.Enum(['recalls', 'corrects']),
    target: digest('What is recalled or corrected; it need not be here.'),
    originator: entityId('Who says it.'),
    own: Type.Boolean({ description: 'True: of this node.' }),
    effect: Type.Optional(Type.String({ examples: ['ERASE'] })),
    parts: Type.Array(digest('A part that is recalled or corrected.'), { description: 'None of a recall: the whole.' }),
    comply_by: time('By when holders comply.'),
    at: time('When this node stored it.'),
    derivatives: Type.Array(digest('A statement of this node that rests on the target.')),
    waits_for_officer: Type.Boolean({
      description: 'Nothing of it is used any more, but an officer must destroy it or claim an exception.',
    }),
    outcome: Type.Optional(Type.String({ description: 'What this node answered.', examples: ['COMPLIED'] })),
    kept_until: Type.Optional(time('Of an exception of this node.')),
    answered_at: Type.Optional(time('When this node answered.')),
    holders: Type.Optional(Type.Array(holder)),
  },
  { description: 'A recall or correction.' },
);
export type RecallShape = Static<typeof recallShape>;
