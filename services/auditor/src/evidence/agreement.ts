import { openAgreement } from '@entente/seal';
import { assertFits, type Evidence } from './evidence.js';

/** Agreements: signed by parties whose keys are known, with the digest that the log names. */
export const agreements: Evidence<{ digest: string; jws: string }> = {
  name: 'agreement',
  async *objects({ served }) {
    yield* served.agreements;
  },
  keys: ({ digest }) => [digest],
  leafKey: ({ op, digest }) => (op === 'agreement' ? digest : undefined),
  async verify({ digest, jws }, _leaf, { identity }, takenAt = 0) {
    const opened = await openAgreement(jws, { findKey: identity.findKey, at: takenAt });
    assertFits(opened.digest === digest, 'the text has another digest than the one it is kept under: it was altered');
    assertFits(opened.signedBy.length > 0, 'no party whose key is known has signed it');
  },
  label: ({ digest }) => digest,
};
