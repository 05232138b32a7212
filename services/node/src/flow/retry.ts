/** By hand, after a fix: what lies in quarantine is judged again; what a partner refused is offered again. */
import type { Store } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { DeliverActs, IssueActs, ReceiveActs } from '../agency/acts.js';
import type { ContentKeys } from '../content-keys.js';
import { Problem } from '../problem.js';
import type { Reception } from './receive.js';

export function createReceiveActs(deps: {
  store: Pick<Store, 'quarantineOf' | 'commit' | 'receivedByDigest'>;
  content: ContentKeys;
  reception: Reception;
}): ReceiveActs {
  return {
    retryQuarantine: async ({ release, by }) => {
      const kept = await deps.store.quarantineOf(release);
      const before = await deps.store.receivedByDigest(release);
      if (!kept?.sealed || !before || before.verdict !== 'quarantined')
        throw new Problem('not_found', 'nothing of this name lies in quarantine');
      await deps.store.commit({ access: [accessEntry(by, 'ALTER', { object: release, code: 'quarantine_retry' })] });
      const [jti = '', jwt = '', ...disclosures] = deps.content.open(kept.sealed, release);
      return await deps.reception.retry(kept.from, { jti, jwt, disclosures }, before.receipt);
    },
  };
}

export function createDeliverActs(deps: {
  store: Pick<Store, 'deadLetter'>;
  issue: Pick<IssueActs, 'releaseExisting'>;
  lastHeard: DeliverActs['lastHeard'];
}): DeliverActs {
  return {
    retryDeadLetter: async ({ release, by }) => {
      const letter = await deps.store.deadLetter(release);
      if (!letter) throw new Problem('not_found', 'nothing of this name was refused by a partner');
      return (await deps.issue.releaseExisting({ statement: letter.statement, addressees: [letter.to], by })).body;
    },
    lastHeard: deps.lastHeard,
  };
}
