/** Entity configurations between partners: fetched, or told when keys roll over. docs/protocol.md section 2. */
import { SealError } from '@entente/seal';
import type { FastifyInstance } from 'fastify';
import type { Self } from '../agency/acts.js';
import type { Directory } from '../peers/directory.js';
import type { Renewal } from '../peers/renewal.js';
import { Problem } from '../problem.js';
import { takeText } from './text-body.js';

const CONFIGURATION_LIMIT = 262_144;

export function configurationRoutes(
  app: FastifyInstance,
  { self, directory, renewal }: { self: Self; directory: Directory; renewal: Renewal },
): void {
  app.get('/federation/v1/configuration', async (_request, reply) =>
    reply.type('application/entity-statement+jwt').send(self.configuration()),
  );

  app.register(async (scope) => {
    takeText(scope, CONFIGURATION_LIMIT);
    /** Of the asker himself; the pinned key decides. What is held already is answered alike. */
    scope.post<{ Body: string | undefined }>('/federation/v1/configuration', async (request, reply) => {
      const peer = directory.peer(request.peer)!;
      const jwt = (request.body ?? '').trim();
      try {
        if (jwt !== peer.configuration) await renewal.take(peer, jwt);
      } catch (error) {
        if (error instanceof SealError) throw new Problem('peer_invalid', error.code);
        throw error;
      }
      return reply.status(204).send();
    });
  });
}
