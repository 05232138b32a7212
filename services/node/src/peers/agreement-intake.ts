/** What partners send about agreements. Everything is attacker-controlled until a signature holds. docs/protocol.md section 8. */
import { obstacleTo, obstacleWords } from '@entente/policy';
import { digestOf, openAgreement, openAgreementAct, signDenunciationAnswer } from '@entente/seal';
import type { AgreementRecord, NewDenunciationAnswer, Store } from '@entente/store';
import type { Identity } from '../identity.js';
import { Problem } from '../problem.js';
import { federationSigner } from './agreement-acts.js';
import { heldAgreement, keepAgreement } from './agreement-keeping.js';
import type { Directory } from './directory.js';
import { refusing } from './pin.js';

export interface AgreementIntake {
  /** A proposal, or one that this node knows with further signatures. The parties that have signed by now. */
  takeText(from: string, jws: string): Promise<{ signed_by: string[] }>;
  /** Suspended, resumed or denounced; a denunciation is answered with the last positions. The same again gets the same answer. */
  takeAct(from: string, jwt: string): Promise<{ answer?: string }>;
}

/** What one partner may propose that this agency has not signed. */
const MOST_PROPOSALS = 100;

const stepOf = { suspended: 'suspend', resumed: 'resume', denounced: 'denounce' } as const;

export function createAgreementIntake(deps: {
  store: Pick<Store, 'commit' | 'agreements' | 'agreementTold' | 'feed' | 'feedIn'>;
  identity: Identity;
  directory: Directory;
  now: () => number;
}): AgreementIntake {
  const { store, identity, directory, now } = deps;

  async function takeText(from: string, jws: string): Promise<{ signed_by: string[] }> {
    const opened = await refusing('agreement_invalid', () => openAgreement(jws, { findKey: directory.findKey, at: now() }));
    if (!opened.agreement.parties.includes(identity.id)) throw new Problem('agreement_invalid', 'this node is no party of it');
    if (!opened.signedBy.includes(from)) throw new Problem('agreement_invalid', 'whoever sends an agreement has signed it');
    const kept = await keepAgreement(store, opened, { allow: (all) => withinQuota(all, from) });
    if (kept.jws === jws) await store.agreementTold(from, digestOf(jws)); // the sender holds the very text that would be told to it
    await directory.refresh();
    return { signed_by: kept.signedBy };
  }

  function withinQuota(all: AgreementRecord[], from: string): void {
    const proposals = all.filter(({ signedBy }) => signedBy.includes(from) && !signedBy.includes(identity.id));
    if (proposals.length >= MOST_PROPOSALS) throw new Problem('too_many_requests', 'too many proposals of yours wait here for an answer');
  }

  async function takeAct(from: string, jwt: string): Promise<{ answer?: string }> {
    const { iss, agreement, act, seq, digest } = await refusing('agreement_invalid', () =>
      openAgreementAct(jwt, { findKey: directory.findKey }),
    );
    if (iss !== from) throw new Problem('access_denied', 'each party speaks for itself');
    const { held, signed, all } = await heldAgreement(store, agreement);
    if (held.acts.some((known) => known.digest === digest)) return answered(held, digest);
    const party = { party: from, all, now: now() };
    const obstacle = obstacleTo(stepOf[act], signed, party);
    if (obstacle !== undefined) throw new Problem('agreement_state', obstacleWords(obstacle));
    if (held.acts.some((known) => known.party === from && known.seq >= seq))
      throw new Problem('conflict', 'said under this number already');
    const answer = act === 'denounced' && held.signedBy.includes(identity.id) ? await lastPositions(from, agreement, digest) : undefined;
    await store.commit({
      agreementActs: [{ digest, agreement, party: from, seq, act, jwt }],
      ...(answer && { denunciationAnswers: [answer] }),
    });
    await directory.refresh();
    return answer ? { answer: answer.jwt } : {};
  }

  function answered(held: AgreementRecord, denunciation: string): { answer?: string } {
    const found = held.answers.find((answer) => answer.denunciation === denunciation && answer.iss === identity.id);
    return found ? { answer: found.jwt } : {};
  }

  async function lastPositions(aud: string, agreement: string, denunciation: string): Promise<NewDenunciationAnswer> {
    const [out, back] = await Promise.all([store.feed(aud), store.feedIn(aud)]);
    const places = { sent: { epoch: out.epoch, position: out.size }, received: { epoch: back.epoch, position: back.last } };
    const said = { iss: identity.id, aud, denunciation, ...places };
    const jwt = await signDenunciationAnswer({ ...said, iat: now() }, federationSigner(identity));
    return { ...said, digest: digestOf(jwt), agreement, jwt };
  }

  return { takeText, takeAct };
}
