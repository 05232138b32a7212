import { openRelease, type Verdict } from '@entente/seal';
import type { ReleaseItem } from '../source.js';
import { assertDigest, assertFits, type Evidence, proven } from './evidence.js';

/** What a recipient's log says when a release has come in, and the verdict that this is. */
export const arrivals: ReadonlyMap<string, Verdict> = new Map([
  ['received', 'held'],
  ['quarantined', 'quarantined'],
  ['refused', 'refused'],
]);

/** Releases given and received. Of those whose text the node did not keep only the leaf can be checked. */
export const releases: Evidence<ReleaseItem> = {
  name: 'release',
  objects: ({ source }, mark) => source.releases(mark),
  keys: ({ direction, peer, digest, epoch, position, state }) => [
    direction === 'out' ? `out ${peer} ${digest} ${epoch} ${position}` : `in ${peer} ${digest} ${state}`,
  ],
  leafKey({ leaf: { op, peer, digest, position }, epoch }) {
    if (op === 'released') return `out ${peer} ${digest} ${epoch} ${position}`;
    return arrivals.has(op) ? `in ${peer} ${digest} ${arrivals.get(op)}` : undefined;
  },
  async verify({ direction, peer, digest, jwt, state }, leaf, { identity }, provenBefore) {
    if (jwt === null) {
      assertFits(direction === 'in' && state !== 'held', 'the text of the release is gone');
      return;
    }
    assertDigest(jwt, digest);
    const [iss, aud] = direction === 'out' ? [identity.id, peer] : [peer, identity.id];
    const release = await openRelease(jwt, { iss, aud, findKey: identity.findKey, ...proven(provenBefore) });
    assertFits(leaf?.ref === undefined || leaf.ref === release.statementDigest, 'the leaf says another statement');
  },
  replaces: ({ direction, peer, digest }) => (direction === 'in' ? [`in ${peer} ${digest} quarantined`] : []),
  label: ({ digest }) => digest,
};
