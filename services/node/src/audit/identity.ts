/** Against what everything else is judged: keys, agreements, checkpoints. */
import type { CheckpointRecord, LogName, Store } from '@entente/store';
import { Type } from 'typebox';
import type { CheckpointActs, Self } from '../agency/acts.js';
import { closed, digest, entityId, notHere } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { noteOf } from '../log/proof.js';
import { checkpointShape, jwt, logMember, partner, read, tags } from './shapes.js';

export function identityRoutes(
  app: App,
  {
    store,
    self,
    checkpoints,
  }: { store: Pick<Store, 'log' | 'peers' | 'agreements' | 'latestCheckpoint'>; self: Self; checkpoints: CheckpointActs },
): void {
  app.get(
    '/audit/v1/configuration',
    {
      ...read,
      schema: {
        operationId: 'auditConfiguration',
        summary: 'Keys and agreements',
        description: 'The signed entity configurations: every key with its history, and the origin and key of the log.',
        tags,
        response: responses({
          200: Type.Object(
            {
              entity_id: entityId('This node.'),
              configuration: jwt,
              epoch: Type.Integer({ description: 'Present epoch of the log.' }),
              agreements: Type.Array(
                Type.Object({
                  digest: digest('The agreement.'),
                  jws: Type.String({ description: 'JWS General JSON.' }),
                  acts: Type.Array(jwt, { description: 'What parties have said of it, and answered to a denunciation.' }),
                }),
                { description: 'Those that somebody has signed.' },
              ),
              peers: Type.Array(
                Type.Object({
                  id: partner,
                  thumbprint: Type.String({ description: 'Of the federation key that was pinned.' }),
                  configuration: jwt,
                }),
              ),
            },
            { description: 'Entity configurations.' },
          ),
        }),
      },
    },
    async () => ({
      entity_id: self.id,
      configuration: self.configuration(),
      epoch: (await store.log('exchange')).epoch,
      agreements: (await store.agreements())
        .filter(({ signedBy }) => signedBy.length > 0)
        .map(({ digest, jws, acts, answers }) => ({ digest, jws, acts: [...acts, ...answers].map(({ jwt }) => jwt) })),
      peers: (await store.peers()).map(({ id, thumbprint, configuration }) => ({ id, thumbprint, configuration })),
    }),
  );

  app.get(
    '/audit/v1/checkpoint',
    {
      ...read,
      schema: {
        operationId: 'auditCheckpoint',
        summary: 'The latest checkpoint',
        description: 'Of one log.',
        tags,
        querystring: Type.Object(logMember, closed),
        response: responses({ 200: checkpointShape }, { codes: ['not_found'] }),
      },
    },
    async (request) => {
      const log = request.query.log ?? 'exchange';
      return checkpointOf(log, await store.latestCheckpoint(log));
    },
  );

  app.post(
    '/audit/v1/checkpoint',
    {
      config: { permission: 'audit.checkpoint' },
      schema: {
        operationId: 'auditCutCheckpoint',
        summary: 'Cut a checkpoint now',
        description: 'Where anything was added since the last; the latest one either way.',
        tags,
        querystring: Type.Object(logMember, closed),
        response: responses({ 200: checkpointShape }, { codes: ['not_found'] }),
      },
    },
    async (request) => {
      const log = request.query.log ?? 'exchange';
      return checkpointOf(log, await checkpoints.cut(log));
    },
  );
}

function checkpointOf(log: LogName, latest: CheckpointRecord | undefined) {
  if (!latest) throw notHere('checkpoint yet');
  return { log, epoch: latest.epoch, size: latest.size, note: noteOf(latest) };
}
