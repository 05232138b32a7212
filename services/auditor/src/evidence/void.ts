import { openVoid, splitCompact } from '@entente/seal';
import type { VoidItem } from '../source.js';
import { type Evidence, proven } from './evidence.js';

interface FeedVoid extends VoidItem {
  peer: string;
}

/** Signed notes in the place of releases that may no longer leave. Only the sender's log has a leaf for each. */
export const voids: Evidence<FeedVoid> = {
  name: 'void',
  async *objects({ source, identity }) {
    for (const peer of identity.peers.keys()) for await (const item of source.voids(peer)) yield { ...item, peer };
  },
  keys: ({ peer, jwt }) => [`${peer} ${splitCompact(jwt).payload().digest}`],
  leafKey: ({ op, peer, digest, ref }) => (op === 'voided' ? `${peer} ${ref ?? digest}` : undefined),
  async verify({ direction, peer, jwt }, _leaf, { identity, voided }, provenBefore) {
    const [iss, aud] = direction === 'out' ? [identity.id, peer] : [peer, identity.id];
    const note = await openVoid(jwt, { iss, aud, findKey: identity.findKey, ...proven(provenBefore) });
    if (direction === 'in') voided.add(`${peer} ${note.position}`);
  },
  label: ({ direction, peer }) => `${direction} ${peer}`,
  unnamed(key, { direction }, { report }) {
    if (direction === 'out') report({ check: 'void', object: key.split(' ')[1]!, position: null, what: 'no leaf of the log names it' });
  },
};
