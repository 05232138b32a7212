/** Drafts as the API shows them. */
import { codeList } from '@entente/statement';
import type { DraftRecord } from '@entente/store';
import { type Static, Type } from 'typebox';
import type { OpenDraft } from './acts.js';
import { closed, digest, entityId, findings, kindName, object, present, readers, time, uuid, when } from './shapes.js';

export const states = ['draft', 'submitted', 'released', 'rejected', 'discarded'] as const;

export const draftHeader = Type.Object(
  {
    id: uuid('The draft.'),
    version: Type.Integer({ minimum: 1, description: 'Also the ETag.' }),
    state: Type.Enum([...states]),
    kind: kindName,
    author: Type.String({ description: 'Pseudonym.' }),
    unit: Type.String(),
    addressees: Type.Array(Type.String()),
    open: Type.Optional(Type.Integer({ description: 'How many fields an officer must still decide.' })),
    source: Type.Optional(Type.String({ description: 'The shipment that it came from.' })),
    decided_by: Type.Optional(Type.String({ description: 'Pseudonym of the second officer.' })),
    reason: Type.Optional(Type.String()),
    released_as: Type.Optional(digest('The statement that it became.')),
    created_at: time('When it was begun.'),
    updated_at: time('When it last changed.'),
  },
  { description: 'A draft, without its content.' },
);
export const openDraft = Type.Object(
  { ...draftHeader.properties, statement: object('What is written so far.'), readers, findings },
  { description: 'A draft with its content.' },
);
export const changed = Type.Object({ version: Type.Integer(), findings }, { description: 'Kept. `findings` names what is still open.' });
export const moved = Type.Object({ version: Type.Integer() }, { description: 'The new version.' });

export const confirmations = codeList('release-checklist').codes.map((entry) => entry.code);
export const checklist = Type.Array(Type.Enum(confirmations), {
  uniqueItems: true,
  minItems: confirmations.length,
  description: 'What the releaser confirms, each by name: every code of the list `release-checklist`. Kept with the draft.',
  examples: [confirmations],
});

export const preview = Type.Object(
  {
    addressee: entityId('Who would see it.'),
    permitted: Type.Boolean(),
    rule: Type.Optional(Type.String()),
    code: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String({ description: 'Why nothing would be released.' })),
    release: Type.Optional(Type.Enum(['automatic', 'second_officer'])),
    agreement: Type.Optional(Type.Object({ id: Type.String(), version: Type.Integer(), digest: digest('The agreement.') })),
    terms: Type.Optional(object('Purposes, end of retention, onward rule, time for the answer.')),
    parts: Type.Array(
      Type.Object({
        pointer: Type.String({ examples: ['/body/goods/0/C1'] }),
        data_class: Type.String({ examples: ['C1'] }),
        shown: Type.Boolean(),
        rule: Type.String(),
        reason: Type.String(),
      }),
      { description: 'Every part, released or withheld, with the rule and the reason in words.' },
    ),
  },
  { description: 'What one partner would see, by the very decision that the release would take.' },
);

export const parameter = Type.Object({ id: uuid('The draft.') }, closed);
export const ifMatch = {
  'if-match': Type.Optional(
    Type.String({ maxLength: 40, description: 'The ETag that was read; another version is refused.', examples: ['"3"'] }),
  ),
};
export const tags = ['Drafts'];

/** Without content; how many fields are open is known of records only. */
export function draftHeaderOf(d: DraftRecord | OpenDraft): Static<typeof draftHeader> {
  const { id, version, state, kind, author, unit, addressees, source, decidedBy, reason, statement } = d;
  return {
    id,
    version,
    state,
    kind,
    author,
    unit,
    addressees,
    created_at: when(d.createdAt),
    updated_at: when(d.updatedAt),
    ...('open' in d && { open: d.open }),
    ...present({ source, decided_by: decidedBy, reason, released_as: statement }),
  };
}
