/** How routes describe themselves: the answer, and every refusal with its codes. The OpenAPI document is made of it. */
import { type TSchema, Type } from 'typebox';
import { type Code, codes, statusOf } from '../problem.js';

export const problemSchema = Type.Object(
  {
    type: Type.Literal('about:blank', { description: 'RFC 9457 section 4.2.1: the problem has no further page; `code` names it.' }),
    title: Type.String({ description: 'The phrase of the HTTP status.' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.Enum(codes, { description: 'What went wrong: one of a closed list.' }),
    detail: Type.Optional(Type.String({ description: 'What to do, in words. Never there when the status is 500 or more.' })),
    request_id: Type.String({ description: "Finds this request in the node's own log." }),
    findings: Type.Optional(Type.Array(Type.Unknown(), { description: 'What the rules of the kind say about the statement.' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({ description: 'JSON pointer into the body, or the name of a parameter.' }),
          message: Type.String(),
        }),
        {
          description: 'Where what was sent differs from the description.',
        },
      ),
    ),
    releases: Type.Optional(Type.Array(Type.Unknown(), { description: 'Why not, for each addressee.' })),
  },
  {
    $id: 'Problem',
    description: 'A refusal, as of RFC 9457.',
    examples: [
      {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        code: 'not_found',
        detail: 'there is no such statement here',
        request_id: 'b6f3a1de-3c0f-4f6e-9a54-0d6f2f2f1c11',
      },
    ],
  },
);

/** What any route with a permission may answer. */
const everywhere: readonly Code[] = [
  'invalid_request',
  'bad_url',
  // Purpose and justification are read wherever they are sent.
  'purpose_missing',
  'bad_encoding',
  'unknown_purpose',
  'token_missing',
  'token_invalid',
  'token_expired',
  'access_denied',
  'role_forbidden',
  'too_many_requests',
  'internal',
  'unavailable',
];
const withBody: readonly Code[] = [
  'malformed_json',
  'bad_encoding',
  'duplicate_member',
  'bad_number',
  'lone_surrogate',
  'too_deep',
  'too_large',
  'unsupported_media_type',
];
const withContent: readonly Code[] = ['purpose_not_allowed'];

interface Also {
  body?: true;
  content?: true;
  codes?: readonly Code[];
}

/** The response map of a route: its own answers, and one entry per status of refusal that names the codes. */
export function responses(answers: Record<number, TSchema>, also: Also = {}): Record<number, unknown> {
  return {
    ...answers,
    ...refusals([...everywhere, ...(also.body ? withBody : []), ...(also.content ? withContent : []), ...(also.codes ?? [])]),
  };
}

/** For routes that anybody may ask. */
export const openResponses = (answers: Record<number, unknown>, also: readonly Code[] = []): Record<number, unknown> => ({
  ...answers,
  ...refusals(['invalid_request', 'bad_url', 'too_many_requests', 'internal', 'unavailable', ...also]),
});

function refusals(possible: readonly Code[]): Record<number, unknown> {
  const byStatus = new Map<number, Code[]>();
  for (const code of new Set(possible)) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [
      status,
      {
        description: named.map((code) => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema: Type.Unsafe({ $ref: 'Problem#' }) } },
      },
    ]),
  );
}

/** A body that is not JSON. */
export const textAnswer = (mediaType: string, description: string): unknown => ({
  description,
  content: { [mediaType]: { schema: Type.String() } },
});
