/** Takes back what partners hold of agreements: what was signed after the backup, and what was said of it since. docs/protocol.md section 9.5. */
import { openAgreementAct, SealError } from '@entente/seal';
import type { Store } from '@entente/store';
import type { Dial } from '../federation/dial.js';
import type { Identity } from '../identity.js';
import { createAgreementIntake } from '../peers/agreement-intake.js';
import type { Directory } from '../peers/directory.js';
import { Problem } from '../problem.js';

/** One agreement as a partner gives it back: the text with its signatures, the acts of either of the two. */
export interface HeldAgreement {
  jws: string;
  acts: string[];
}

export interface AgreementsBack {
  store: Pick<Store, 'commit' | 'agreements' | 'agreementTold' | 'feed' | 'feedIn'>;
  identity: Identity;
  directory: Directory;
  now: () => number;
  say: (line: string) => void;
}

/** Before anything else is asked for: without the agreement a release of the partner would be refused for good. */
export async function bringBackAgreements(deps: AgreementsBack, peer: string, connection: Dial): Promise<void> {
  const intake = createAgreementIntake(deps);
  for (let after = ''; ; ) {
    const answer = (await connection.json('GET', `/held/agreements${after}`)) as { items?: HeldAgreement[]; next?: string };
    for (const { jws, acts = [] } of answer.items ?? []) {
      await unlessRefused(deps, peer, () => intake.takeText(peer, String(jws)));
      for (const act of acts) await unlessRefused(deps, peer, () => takeAct(deps, intake, peer, String(act)));
    }
    if (typeof answer.next !== 'string' || after === `?after=${answer.next}`) return;
    after = `?after=${encodeURIComponent(answer.next)}`;
  }
}

/** The partner's own as ever; one of this node, which it had signed and lost, as it stands: its obstacles were looked at when it was said. */
async function takeAct(
  { store, identity, directory }: AgreementsBack,
  intake: ReturnType<typeof createAgreementIntake>,
  peer: string,
  jwt: string,
): Promise<void> {
  const { iss, agreement, act, seq, digest } = await openAgreementAct(jwt, { findKey: directory.findKey });
  if (iss !== identity.id) await intake.takeAct(peer, jwt);
  else {
    await store.commit({ agreementActs: [{ digest, agreement, party: iss, seq, act, jwt }] });
    await directory.refresh();
  }
}

/** What does not hold is left where it is: one bad text must not keep the rest away. */
async function unlessRefused({ say }: AgreementsBack, peer: string, take: () => Promise<unknown>): Promise<void> {
  try {
    await take();
  } catch (error) {
    if (!(error instanceof Problem || error instanceof SealError)) throw error;
    say(`what ${peer} gave back of an agreement was not taken: ${error.code}`);
  }
}
