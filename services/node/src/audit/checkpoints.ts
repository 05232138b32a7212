/** Every checkpoint that was ever cut here, and what partners signed of their own logs. */
import type { PeerCheckpoint, Store } from '@entente/store';
import { Type } from 'typebox';
import { closed, digest, present, time, when } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { noteOf } from '../log/proof.js';
import { epochMember, fromQuery, logMember, partner, read, tags, whole } from './shapes.js';

const note = Type.String({ description: 'C2SP checkpoint: a signed note.' });
const peerCheckpoint = Type.Object({
  peer: partner,
  origin: Type.String({ description: 'Name of the log.' }),
  size: Type.Integer(),
  note,
  at: time('When it was first seen here.'),
  cosigned_at: Type.Optional(time('When this node cosigned it.')),
});
const FORKS_AT_ONCE = 100;

export function checkpointRoutes(
  app: App,
  { store }: { store: Pick<Store, 'log' | 'checkpoints' | 'peerCheckpoints' | 'forks' | 'accessRoots'> },
): void {
  app.get(
    '/audit/v1/checkpoints',
    {
      ...read,
      schema: {
        operationId: 'auditCheckpoints',
        summary: 'Every checkpoint of a log',
        description: 'By size, with the cosignatures of witnesses below each note. The next `from` is one more than the last size.',
        tags,
        querystring: Type.Object({ ...logMember, ...epochMember, ...fromQuery }, closed),
        response: responses({
          200: Type.Object(
            {
              log: Type.String(),
              epoch: Type.Integer(),
              items: Type.Array(Type.Object({ size: Type.Integer(), note, at: time('When it was cut.') })),
            },
            { description: 'Checkpoints.' },
          ),
        }),
      },
    },
    async (request) => {
      const { log = 'exchange', from = 0, limit = 500 } = request.query;
      const { epoch = (await store.log(log)).epoch } = request.query;
      const cut = await store.checkpoints(log, epoch, from, limit);
      return { log, epoch, items: cut.map((one) => ({ size: one.size, note: noteOf(one), at: when(one.at) })) };
    },
  );

  app.get(
    '/audit/v1/access-roots',
    {
      ...read,
      schema: {
        operationId: 'auditAccessRoots',
        summary: 'Which roots of the access log stand in the exchange log',
        description:
          'One a day: a leaf `access_root` of the exchange log holds the root, under cosigned checkpoints; this says of how many entries it is.',
        tags,
        querystring: Type.Object({ from: Type.Optional(whole('First day, counted from 1970-01-01.')), limit: fromQuery.limit }, closed),
        response: responses({
          200: Type.Object(
            {
              items: Type.Array(
                Type.Object({
                  day: Type.Integer(),
                  epoch: Type.Integer(),
                  size: Type.Integer(),
                  root: digest('The root, as the leaf has it.'),
                  at: time('When it became a leaf.'),
                }),
              ),
            },
            { description: 'Roots.' },
          ),
        }),
      },
    },
    async (request) => {
      const roots = await store.accessRoots(request.query.from ?? 0, request.query.limit ?? 500);
      return { items: roots.map(({ root, at, ...rest }) => ({ ...rest, root: Buffer.from(root).toString('base64url'), at: when(at) })) };
    },
  );

  app.get(
    '/audit/v1/peer-checkpoints',
    {
      ...read,
      schema: {
        operationId: 'auditPeerCheckpoints',
        summary: "The latest checkpoint of each partner's log",
        description:
          'As the partner signed it, whoever brought it; one for each name that the log had. `forks` are pairs of one log and size with two roots: each proves, by two signatures of the partner, that it showed two histories.',
        tags,
        response: responses({
          200: Type.Object(
            { items: Type.Array(peerCheckpoint), forks: Type.Array(Type.Array(peerCheckpoint, { minItems: 2, maxItems: 2 })) },
            { description: 'Checkpoints of partners.' },
          ),
        }),
      },
    },
    async () => ({
      items: (await store.peerCheckpoints()).map(shown),
      forks: (await store.forks(FORKS_AT_ONCE)).map((pair) => pair.map(shown)),
    }),
  );
}

const shown = ({ peer, origin, size, note, at, cosignedAt }: PeerCheckpoint) => ({
  peer,
  origin,
  size,
  note,
  at: when(at),
  ...present({ cosigned_at: cosignedAt === undefined ? undefined : when(cosignedAt) }),
});
