import { agreementActTyp, digestOf, openAgreement, openAgreementAct, openDenunciationAnswer, splitCompact } from '@entente/seal';
import { assertFits, atOnce, type Evidence, proven } from './evidence.js';

/** Agreements: signed by parties whose keys are known, with the digest that the log names. */
export const agreements: Evidence<{ digest: string; jws: string }> = {
  name: 'agreement',
  objects: ({ served }) => atOnce(served.agreements),
  keys: ({ digest }) => [digest],
  leafKey: ({ leaf: { op, digest, ref } }) => (op === 'agreement' && ref === undefined ? digest : undefined),
  async verify({ digest, jws }, _leaf, { identity }, takenAt = 0) {
    const opened = await openAgreement(jws, { findKey: identity.findKey, at: takenAt });
    assertFits(opened.digest === digest, 'the text has another digest than the one it is kept under: it was altered');
    assertFits(opened.signedBy.length > 0, 'no party whose key is known has signed it');
  },
  label: ({ digest }) => digest,
};

/** What a party has said of an agreement, or answered to its denunciation: each in the log of everybody whom it was told. */
export const agreementActs: Evidence<{ agreement: string; jwt: string }> = {
  name: 'agreement',
  objects: ({ served }) => atOnce(served.agreements.flatMap(({ digest, acts }) => acts.map((jwt) => ({ agreement: digest, jwt })))),
  keys: ({ jwt }) => [digestOf(jwt)],
  leafKey: ({ leaf: { op, digest, ref } }) => (op === 'agreement' && ref !== undefined ? digest : undefined),
  async verify({ agreement, jwt }, _leaf, { identity: { findKey } }, provenBefore) {
    const options = { findKey, ...proven(provenBefore) };
    const { header, payload } = splitCompact(jwt);
    if (header.typ === agreementActTyp) {
      assertFits(
        (await openAgreementAct(jwt, options)).agreement === agreement,
        'it is kept under another agreement than the one it names',
      );
    } else {
      const { iss, aud } = payload() as { iss: string; aud: string };
      await openDenunciationAnswer(jwt, { iss, aud, ...options });
    }
  },
  label: ({ jwt }) => digestOf(jwt),
};
