/** How the logs stand: who vouches for ours, and what is known of those of the partners. */
import type { PeerCheckpoint, PeerRecord, Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { entityId, present, time, when } from './shapes.js';

const own = Type.Object(
  {
    size: Type.Integer({ description: 'Leaves under the latest checkpoint.' }),
    at: time('When it was cut.'),
    quorum: Type.Integer({ description: 'How many partners must have cosigned it.' }),
    reached: Type.Boolean(),
    cosigned_by: Type.Array(Type.Object({ peer: entityId('The partner.'), at: time('What it says, when.') })),
  },
  { description: "This node's own log; absent until a first checkpoint is cut." },
);
const other = Type.Object({
  peer: entityId('The partner.'),
  name: Type.String(),
  size: Type.Optional(Type.Integer({ description: 'Of the largest checkpoint that is held.' })),
  seen_at: Type.Optional(time('When that one was first seen.')),
  cosigned_size: Type.Optional(Type.Integer({ description: 'Of the largest that this node has cosigned.' })),
  forked: Type.Boolean({ description: 'It has signed two histories; the audit API has both checkpoints.' }),
});
const FORKS_LOOKED_AT = 1000;

export function witnessingRoutes(
  app: App,
  deps: { store: Pick<Store, 'peers' | 'latestCheckpoint' | 'peerCheckpoints' | 'cosigned' | 'forks'>; quorum: number },
): void {
  const { store, quorum } = deps;

  app.get(
    '/v1/witnessing',
    {
      config: { permission: 'delivery.read' },
      schema: {
        operationId: 'getWitnessing',
        summary: 'Who vouches for whose log',
        description: "Cosignatures of partners under this node's latest checkpoint, and the latest checkpoint of each partner's log.",
        tags: ['Delivery'],
        response: responses({
          200: Type.Object({ own: Type.Optional(own), items: Type.Array(other) }, { description: 'One entry per partner.' }),
        }),
      },
    },
    async () => {
      const [latest, peers, held, forks] = await Promise.all([
        store.latestCheckpoint('exchange'),
        store.peers(),
        store.peerCheckpoints(),
        store.forks(FORKS_LOOKED_AT),
      ]);
      const forked = new Set(forks.map(([one]) => one.peer));
      return {
        ...(latest && {
          own: {
            size: latest.size,
            at: when(latest.at),
            quorum,
            reached: latest.cosignatures.length >= quorum,
            cosigned_by: latest.cosignatures.map(({ witness, at }) => ({ peer: witness, at: when(at) })),
          },
        }),
        items: await Promise.all(peers.map((peer) => stateOf(peer, newest(held, peer.id), forked.has(peer.id)))),
      };
    },
  );

  async function stateOf(peer: PeerRecord, held: PeerCheckpoint | undefined, forked: boolean): Promise<Static<typeof other>> {
    const cosigned = held && (await store.cosigned(peer.id, held.origin));
    const known = { size: held?.size, seen_at: held && when(held.at), cosigned_size: cosigned?.size };
    return { peer: peer.id, name: peer.name, ...present(known), forked };
  }
}

/** Of the name that the log has now. */
const newest = (held: readonly PeerCheckpoint[], peer: string): PeerCheckpoint | undefined =>
  held.filter((one) => one.peer === peer).reduce<PeerCheckpoint | undefined>((a, b) => (a && a.at > b.at ? a : b), undefined);
