/** Shapes of requests for consent and of decisions on them. */
import { codesOf } from '@entente/statement';
import { Type } from 'typebox';
import { closed, digest, entityId, time } from './shapes.js';

const code = (list: string, description: string) => Type.Enum(codesOf(list), { description });
const several = { minItems: 1, maxItems: 50, uniqueItems: true };

export const toWhom = Type.Array(entityId('An agency.'), { ...several, description: 'Agencies to which it is to be passed on.' });
export const field = Type.String({
  pattern: '^/(rel|body/[a-z][a-z0-9_]{0,39})$',
  description: 'A body member by its JSON pointer, or /rel.',
  examples: ['/body/goods'],
});
const scopeMembers = {
  fields: Type.Array(field, several),
  classes: Type.Array(code('data-class', 'Data class.'), several),
  purposes: Type.Array(code('purpose', 'Purpose.'), several),
  until: time('Until when it may be passed on.'),
};
export const requestedScope = Type.Object(scopeMembers, { ...closed, description: 'What is to be passed on, for what, and until when.' });
export const grantedScope = Type.Object(
  { ...scopeMembers, retain_until: time('Until when recipients may keep it.') },
  { ...closed, description: 'What may be passed on; a member that is not named may not.' },
);

export const consentState = Type.Enum(['OPEN', 'GRANTED', 'REFUSED', 'LAPSED', 'WITHDRAWN', 'ENDED'], {
  description: 'LAPSED: nobody answered in time. That is no consent.',
});

export const request = Type.Object(
  {
    request: digest('The request.'),
    own: Type.Boolean({ description: 'True: this agency asks; false: it is asked.' }),
    holder: entityId('Who asks.'),
    originator: entityId('Who is asked.'),
    statement: digest('What it is about.'),
    consent_kind: Type.String({ examples: ['ONWARD_TRANSFER'] }),
    to_whom: Type.Optional(Type.Array(Type.String(), { description: 'Agencies to which it is to be passed on.' })),
    why: Type.String(),
    subject: Type.Optional(Type.String({ description: 'The person who asks what is held about him.' })),
    right: Type.Optional(
      Type.String({ description: 'What that person asks for: a code of the list `subject-right`.', examples: ['ACCESS'] }),
    ),
    claim: Type.Optional(Type.String({ description: 'What that person says.' })),
    scope: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, description: 'As asked.' }),
    reply_by: time('When it lapses.'),
    state: consentState,
    consent: Type.Optional(digest('The decision.')),
    decided: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({
        type: 'object',
        additionalProperties: true,
        description: 'What was decided, as far as it is here.',
      }),
    ),
  },
  { description: 'A request for consent and where it stands.' },
);
