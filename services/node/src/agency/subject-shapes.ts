/** Requests of persons about themselves as the API takes and shows them. */
import { subjectStanding } from '@entente/policy';
import { codesOf, searchFieldNames } from '@entente/statement';
import type { SubjectRequestRecord } from '@entente/store';
import { type Static, Type } from 'typebox';
import type { SubjectFile } from '../flow/subject/file.js';
import type { Found } from '../flow/subject/findings.js';
import { closed, digest, headerOf, present, statementHeader, time, uuid, when } from './shapes.js';

const code = (list: string, description: string) =>
  Type.Enum(codesOf(list), { description: `${description} A code of the list \`${list}\`.` });
const line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^\\P{Cc}+$' });
const right = code('subject-right', 'What is asked for.');
const channel = code('subject-channel', 'By what way.');
const identity = code('subject-identity', 'Whether the person is who he says.');
const outcome = code('subject-outcome', 'The answer.');
const ground = Type.String({
  pattern: '^RG[0-9]{2}$',
  description: 'Why, a code of the list `refusal`: kept for the supervisory authority, never told.',
  examples: ['RG07'],
});
const discloses = Type.Array(digest('A statement of which the person is told.'), { maxItems: 1000, uniqueItems: true });

const subject = Type.Object(
  {
    names: Type.Array(line(120), {
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      description: 'Each as it may be written: all are looked for.',
    }),
    birth_date: Type.Optional(Type.String({ format: 'date' })),
    identifiers: Type.Optional(
      Type.Array(Type.Object({ scheme: Type.Enum([...searchFieldNames]), value: line(100) }, closed), {
        minItems: 1,
        maxItems: 20,
        description: 'Numbers of his documents.',
      }),
    ),
    contact: Type.Optional(line(500)),
  },
  { ...closed, description: 'Who asks. Kept encrypted, and forgotten when the retention of the request ends.' },
);

export const registered = Type.Object(
  {
    right,
    channel,
    identity,
    received_at: Type.Optional(time('When it came in: the legal time starts then. Now unless told.')),
    subject,
    asks: Type.String({ minLength: 1, maxLength: 2000, description: 'What he asks, in words.' }),
  },
  closed,
);
export const identified = Type.Object({ identity, note: Type.Optional(Type.String({ minLength: 3, maxLength: 500 })) }, closed);
export const composed = Type.Object(
  {
    outcome,
    ground: Type.Optional(ground),
    text: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 20_000,
        description: 'For the person. What reveals nothing is said in the words of the node, the same for everybody.',
      }),
    ),
    discloses: Type.Optional(discloses),
  },
  closed,
);
export const parameter = Type.Object({ id: uuid('The request.') }, closed);
export const findingParameter = Type.Object({ id: uuid('The request.'), digest: digest('The statement that was found.') }, closed);

const members = {
  id: uuid('The request.'),
  state: Type.Enum(['open', 'proposed', 'answered'], { description: '`proposed`: an answer waits for a second person.' }),
  standing: Type.Enum(['ON_TIME', 'DUE_SOON', 'OVERDUE', 'ANSWERED', 'ANSWERED_LATE'], { description: 'Against its legal time.' }),
  right,
  channel,
  identity,
  received_at: time('When it came in.'),
  due_at: time('When the legal time ends.'),
  extended: Type.Boolean(),
  searched_at: Type.Optional(time('When what is held here was last searched.')),
  outcome: Type.Optional(outcome),
  ground: Type.Optional(ground),
  registered_by: Type.String({ description: 'Pseudonym.' }),
  composed_by: Type.Optional(Type.String({ description: 'Pseudonym.' })),
  confirmed_by: Type.Optional(Type.String({ description: 'Pseudonym.' })),
  answered_at: Type.Optional(time('When the answer was confirmed.')),
};
export const listed = Type.Object(members, { description: 'A request of a person, without who it is.' });

const measure = Type.Object(
  {
    type: Type.Enum(['recalls', 'corrects', 'supersedes']),
    by: digest('The statement that says it.'),
    at: time('When this node stored it.'),
    in_answer: Type.Boolean({ description: 'It names the question of this agency as what it follows from.' }),
  },
  { description: 'What the originator has said of the statement since the person asked.' },
);
export const finding = Type.Object(
  {
    statement: statementHeader,
    telling: Type.Enum(['to_be_compared', 'unrelated', 'to_be_referred', 'waits_for_originator', 'may_be_told', 'not_to_be_told'], {
      description: 'What may be told of it, or what is to be done first.',
    }),
    consultation: Type.Optional(
      Type.Enum(['AWAITING_RELEASE', 'OPEN', 'GRANTED', 'REFUSED', 'LAPSED', 'WITHDRAWN', 'ENDED', 'UNREACHABLE'], {
        description: 'Where the question to its originator stands. LAPSED: no answer, which is no consent.',
      }),
    ),
    draft: Type.Optional(uuid('The question, where a second officer must release it.')),
    referral: Type.Optional(digest('The question: a statement of the kind `consent_request`.')),
    decision: Type.Optional(digest('The answer of the originator: a statement of the kind `consent`.')),
    told: Type.Optional(
      Type.Array(Type.String(), { description: 'Of what of it he may be told; absent: of all.', examples: [['/body/title']] }),
    ),
    conditions: Type.Optional(Type.String({ description: 'Of the originator, in words.' })),
    refusal: Type.Optional(Type.String({ description: 'Why the originator refuses.', examples: ['RG07'] })),
    unreachable: Type.Optional(
      Type.String({ description: 'The rule by which the originator cannot be asked.', examples: ['kind_not_granted'] }),
    ),
    measures: Type.Array(measure),
  },
  { description: 'A statement in which the person, or somebody of his name, was found.' },
);
export const whole = Type.Object(
  {
    ...members,
    subject,
    asks: Type.String(),
    identity_note: Type.Optional(Type.String()),
    extension_reason: Type.Optional(Type.String()),
    answer: Type.Optional(Type.Object({ text: Type.String(), discloses }, { description: 'As composed, or given.' })),
    findings: Type.Array(finding),
  },
  { description: 'A request of a person, with who it is and what was found.' },
);

export const listedOf = (record: SubjectRequestRecord, now: number): Static<typeof listed> => ({
  id: record.id,
  state: record.state,
  standing: subjectStanding(record, now),
  right: record.right,
  channel: record.channel,
  identity: record.identity,
  received_at: when(record.receivedAt),
  due_at: when(record.dueAt),
  extended: record.extended,
  registered_by: record.registeredBy,
  ...present({ outcome: record.outcome, ground: record.ground, composed_by: record.composedBy, confirmed_by: record.confirmedBy }),
  ...(record.searchedAt !== undefined && { searched_at: when(record.searchedAt) }),
  ...(record.answeredAt !== undefined && { answered_at: when(record.answeredAt) }),
});

export function wholeOf(record: SubjectRequestRecord, file: SubjectFile, found: Found[], now: number): Static<typeof whole> {
  const { answer, ...rest } = file;
  return {
    ...listedOf(record, now),
    ...rest,
    ...(answer && record.state !== 'open' && { answer }),
    findings: found.map((one) => findingOf(one, now)),
  };
}

export function findingOf(
  { record, telling, consultation, draft, referral, decision, unreachable, measures }: Found,
  now: number,
): Static<typeof finding> {
  const { told, conditions, refusal } = (decision?.body ?? {}) as { told?: string[]; conditions?: string; refusal?: string };
  return {
    statement: headerOf(record, now),
    telling,
    ...present({ consultation, draft, referral, decision: decision?.record.digest, told, conditions, refusal, unreachable }),
    measures: measures.map(({ type, by, at, inAnswer }) => ({ type, by, at: when(at), in_answer: inAnswer })),
  };
}
