import { digestOf } from '@entente/seal';
import { atOnce, type Evidence } from './evidence.js';

/** Entity configurations of peers as they are held now. Earlier ones have leaves too, and are not shown. */
export const peers: Evidence<{ id: string; configuration: string }> = {
  name: 'peer',
  objects: ({ served }) => atOnce(served.peers),
  keys: ({ id, configuration }) => [`${id} ${digestOf(configuration)}`],
  leafKey: ({ leaf: { op, peer, digest } }) => (op === 'peer' ? `${peer} ${digest}` : undefined),
  verify: () => undefined, // done when the keys were read
  label: ({ id }) => id,
  unmet(_key, { leaf }, { served, report }) {
    if (!served.peers.some(({ id }) => id === leaf.peer)) {
      report({ check: 'peer', object: leaf.peer ?? '', position: null, what: 'a leaf names this peer, and the node does not show it' });
    }
  },
};
