/** How parties bring each other agreements: texts with signatures, and what a party says of one that it has signed. docs/protocol.md section 8. */
import { maximumAgreementBytes } from '@entente/seal';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { AgreementIntake } from '../peers/agreement-intake.js';

const closed = { additionalProperties: false } as const;
const text = Type.Object({ jws: Type.String({ minLength: 1, maxLength: maximumAgreementBytes }) }, closed);
const act = Type.Object({ act: Type.String({ minLength: 1, maxLength: 4096 }) }, closed);

export function agreementRoutes(app: FastifyInstance, { intake }: { intake: AgreementIntake }): void {
  // JSON writes quotation marks inside a text as two characters.
  const bodyLimit = 2 * maximumAgreementBytes;
  app.post<{ Body: Static<typeof text> }>('/federation/v1/agreements', { bodyLimit, schema: { body: text } }, (request) =>
    intake.takeText(request.peer, request.body.jws),
  );
  app.post<{ Body: Static<typeof act> }>('/federation/v1/agreements/acts', { bodyLimit, schema: { body: act } }, (request) =>
    intake.takeAct(request.peer, request.body.act),
  );
}
