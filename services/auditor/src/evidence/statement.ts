import { openStatement } from '@entente/seal';
import type { StatementItem } from '../source.js';
import { assertDigest, assertFits, type Evidence, proven } from './evidence.js';

/** Statements, without their disclosures: content is not for this check, and what was erased still verifies. */
export const statements: Evidence<StatementItem> = {
  name: 'statement',
  objects: ({ source }, mark) => source.statements(mark),
  keys: ({ own, digest }) => [`${own ? 'issued' : 'received'} ${digest}`],
  leafKey({ leaf: { op, digest, ref } }) {
    if (op === 'issued') return `issued ${digest}`;
    return op === 'received' && ref !== undefined ? `received ${ref}` : undefined;
  },
  async verify({ digest, jwt, own, kind, originator }, leaf, { identity }, provenBefore) {
    assertDigest(jwt, digest);
    const { claims } = await openStatement(jwt, [], identity.findKey, proven(provenBefore));
    assertFits(own === (claims.iss === identity.id), 'it is not by the node that the database says');
    assertFits((kind ?? claims.kind) === claims.kind, 'the database says another kind');
    assertFits((originator ?? claims.iss) === claims.iss, 'the database says another originator');
    assertFits(leaf?.kind === undefined || leaf.kind === claims.kind, 'the leaf says another kind');
  },
  label: ({ digest }) => digest,
};
