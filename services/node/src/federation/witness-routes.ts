/** This node as a witness of its peers' logs, and what peers show each other of third ones. docs/protocol.md section 9. */
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { Problem } from '../problem.js';
import type { Comparison } from '../witness/comparison.js';
import type { Witness } from '../witness/witness.js';
import { takeText } from './text-body.js';

const NOTE_LIMIT = 65_536;
const compared = Type.Object(
  { of: Type.String({ minLength: 9, maxLength: 255 }), note: Type.Optional(Type.String({ maxLength: NOTE_LIMIT })) },
  { additionalProperties: false },
);

export function witnessRoutes(app: FastifyInstance, deps: { witness: Witness; comparison: Pick<Comparison, 'answer'> }): void {
  app.register(async (scope) => {
    takeText(scope, NOTE_LIMIT); // C2SP names no type for what a log sends
    scope.post<{ Body: string | undefined }>('/federation/v1/add-checkpoint', async (request, reply) => {
      const answer = await deps.witness.addCheckpoint(request.peer, request.body ?? '');
      if (answer.status === 409) return reply.status(409).type('text/x.tlog.size').send(`${answer.size}\n`);
      return reply.type('text/plain; charset=utf-8').send(answer.lines);
    });
  });

  /** Also what this node holds of the asker's own log: whoever came back from a backup asks what he once said. */
  app.post<{ Body: Static<typeof compared> }>('/federation/v1/log/compare', { schema: { body: compared } }, async (request) => {
    const { of, note } = request.body;
    const held = await deps.comparison.answer(request.peer, of, note);
    if (held === undefined) throw new Problem('not_found', 'nothing is held of this log');
    return { note: held };
  });
}
