/** What this agency does with agreements, through an officer or administrator: nothing is ever signed without one. docs/protocol.md section 8. */
import { type AgreementStep, actOfStep, nextSeq, obstacleTo, obstacleWords, type SignedAgreement } from '@entente/policy';
import { digestOf, draftAgreement, maximumSignatures, openAgreement, type Signer, signAgreement, signAgreementAct } from '@entente/seal';
import type { Act, AgreementRecord, Digest, Store } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor, AgreementActs } from '../agency/acts.js';
import type { Identity } from '../identity.js';
import { Problem } from '../problem.js';
import { heldAgreement, keepAgreement } from './agreement-keeping.js';
import type { Directory } from './directory.js';
import { refusing } from './pin.js';

export interface AgreementActsDeps {
  store: Pick<Store, 'commit' | 'agreements'>;
  identity: Identity;
  directory: Directory;
  now: () => number;
}

export function createAgreementActs({ store, identity, directory, now }: AgreementActsDeps): AgreementActs {
  const open = (jws: string) => refusing('agreement_invalid', () => openAgreement(jws, { findKey: directory.findKey, at: now() }));

  async function keep(jws: string, by: Actor, code: string): Promise<{ digest: Digest }> {
    const opened = await open(jws);
    const { parties } = opened.agreement;
    if (!parties.includes(identity.id)) throw new Problem('agreement_invalid', 'this node is no party of this agreement');
    if (parties.length > maximumSignatures) throw new Problem('agreement_invalid', `an agreement has at most ${maximumSignatures} parties`);
    await keepAgreement(store, opened, { access: [accessEntry(by, 'ALTER', { object: opened.digest, code })] });
    await directory.refresh();
    return { digest: opened.digest };
  }

  async function take({ digest, step, by }: { digest: Digest; step: AgreementStep; by: Actor }): Promise<void> {
    const { held, signed, all } = await heldAgreement(store, digest);
    const obstacle = obstacleTo(step, signed, { party: identity.id, all, now: now() });
    if (obstacle !== undefined) throw new Problem('agreement_state', obstacleWords(obstacle));
    const access = [accessEntry(by, 'ALTER', { object: digest, code: `agreement_${step}` })];
    const act = actOfStep[step];
    if (act === undefined) await sign(held, signed, access);
    else await say(digest, act, nextSeq(signed, identity.id), access);
    await directory.refresh();
  }

  async function sign({ jws, payload }: AgreementRecord, { digest, agreement, signedBy }: SignedAgreement, access: Act['access']) {
    const signed = await signAgreement(jws, { party: identity.id, signer: federationSigner(identity) });
    const own = { jws: signed, digest, agreement, payload: payload as never, signedBy: [...signedBy, identity.id] };
    await keepAgreement(store, own, { access });
  }

  async function say(agreement: Digest, act: 'suspended' | 'resumed' | 'denounced', seq: number, access: Act['access']) {
    const claims = { iss: identity.id, iat: now(), agreement, act, seq };
    const jwt = await signAgreementAct(claims, federationSigner(identity));
    await store.commit({
      agreementActs: [{ digest: digestOf(jwt), agreement, party: identity.id, seq, act, jwt }],
      ...(access && { access }),
    });
  }

  return {
    add: ({ jws, by }) => keep(jws, by, 'agreement'),
    draft: async ({ agreement, by }) =>
      keep(await refusing('agreement_invalid', async () => draftAgreement(agreement)), by, 'agreement_draft'),
    take,
  };
}

/** An agency may keep this key away from its node; then agreements are signed where the key is, and loaded. */
export function federationSigner(identity: Identity): Signer {
  try {
    return identity.signer('federation');
  } catch {
    throw new Problem(
      'key_away',
      'the federation key is not at this node: sign with `entente agreement sign` where it is, and load the result',
    );
  }
}
