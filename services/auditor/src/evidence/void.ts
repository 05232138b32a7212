import { openVoid, splitCompact } from '@entente/seal';
import type { Direction } from '../source.js';
import { type Evidence, proven } from './evidence.js';
import { feedEpochs } from './feed-epochs.js';

interface FeedVoid {
  peer: string;
  direction: Direction;
  jwt: string;
}

/** Signed notes in the place of releases that may no longer leave. Only the sender's log has a leaf for each. */
export const voids: Evidence<FeedVoid> = {
  name: 'void',
  async *objects(scene, mark) {
    let reached = mark === undefined;
    for await (const { peer, direction, epochs } of feedEpochs(scene)) {
      for (const { epoch } of epochs) {
        const next = `${direction} ${peer} ${epoch}`;
        if (reached) {
          const items = (await scene.source.voids({ peer, direction, epoch })).map(({ jwt }) => ({ peer, direction, jwt }));
          yield { items, next };
        }
        reached ||= next === mark;
      }
    }
  },
  keys: ({ peer, jwt }) => [`${peer} ${splitCompact(jwt).payload().digest}`],
  leafKey: ({ leaf: { op, peer, digest, ref } }) => (op === 'voided' ? `${peer} ${ref ?? digest}` : undefined),
  async verify({ direction, peer, jwt }, _leaf, { identity, voided }, provenBefore) {
    const [iss, aud] = direction === 'out' ? [identity.id, peer] : [peer, identity.id];
    const note = await openVoid(jwt, { iss, aud, findKey: identity.findKey, ...proven(provenBefore) });
    if (direction === 'in') voided.add(`${peer} ${note.epoch} ${note.position}`);
  },
  label: ({ direction, peer }) => `${direction} ${peer}`,
  unnamed(key, { direction }, { report }) {
    if (direction === 'out') report({ check: 'void', object: key.split(' ')[1]!, position: null, what: 'no leaf of the log names it' });
  },
};
