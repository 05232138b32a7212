/** What one poll says and what it answers: RFC 8936 with our members. docs/protocol.md section 6. */
import Type, { type Static } from 'typebox';

const jti = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' });

/** One compact JWS; opened and judged elsewhere. */
const jws = Type.String({ minLength: 1, maxLength: 262_144 });

export const pollRequest = Type.Object(
  {
    maxEvents: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, description: 'at most so many releases in the answer' })),
    returnImmediately: Type.Optional(Type.Boolean({ description: 'false, the default: the answer waits until there is something' })),
    ack: Type.Optional(Type.Array(jti, { maxItems: 1000, description: 'releases that the recipient holds or has quarantined' })),
    setErrs: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          { err: Type.String({ maxLength: 64 }), description: Type.Optional(Type.String({ maxLength: 1024 })) },
          { additionalProperties: false },
        ),
        { description: 'releases that the recipient refuses, with a code', maxProperties: 1000 },
      ),
    ),
    receipts: Type.Optional(Type.Array(jws, { maxItems: 256, description: 'signed receipts; a plain RFC 8936 receiver sends none' })),
    refused_kinds: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z][a-z_]{1,39}$' }), {
        minItems: 1,
        maxItems: 64,
        description: 'kinds that the recipient refuses by what their pages say of them: they are not sent',
      }),
    ),
    pages_after: Type.Optional(
      Type.Object(
        { epoch: Type.Integer({ minimum: 1 }), position: Type.Integer({ minimum: 0 }) },
        { additionalProperties: false, description: 'the last position that the recipient has a page for; absent: no pages are sent' },
      ),
    ),
  },
  { additionalProperties: false },
);
export type PollRequest = Static<typeof pollRequest>;

export const pollAnswer = Type.Object({
  sets: Type.Record(Type.String(), Type.String(), { description: 'releases by their jti' }),
  moreAvailable: Type.Optional(Type.Boolean()),
  disclosures: Type.Optional(
    Type.Record(Type.String(), Type.Array(Type.String()), { description: 'the disclosures of each release, by its jti' }),
  ),
  receiptErrs: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'receipts that did not verify, by their digest, with a code' }),
  ),
  pages: Type.Optional(Type.Array(Type.String(), { description: 'signed pages after the position asked for' })),
});
export type PollAnswer = Static<typeof pollAnswer>;

export const replayRequest = Type.Object(
  {
    epoch: Type.Integer({ minimum: 1 }),
    after: Type.Integer({ minimum: 0, description: 'exclusive: the first position offered again is after + 1' }),
    kinds: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 64 })),
  },
  { additionalProperties: false },
);
export type ReplayRequest = Static<typeof replayRequest>;
