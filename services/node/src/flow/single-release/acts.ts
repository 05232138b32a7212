/** One officer alone releases in an emergency; another confirms or rejects before the limit, and what is not confirmed then is recalled. */
import { refusalOfSingleRelease } from '@entente/policy';
import { afterTerm, deadlineOf } from '@entente/statement';
import type { Digest, SingleReleaseRecord, Store } from '@entente/store';
import type { Logger } from 'pino';
import { accessEntry } from '../../agency/access.js';
import type { Actor, IssueActs } from '../../agency/acts.js';
import type { SingleReleaseActs } from '../../agency/single-releases.js';
import { Problem } from '../../problem.js';
import { nodeActor } from '../node-actor.js';
import { decided, type SingleReleaseEnd } from './alone.js';

export interface SingleReleases extends SingleReleaseActs {
  /** Recalls what nobody has confirmed by now. One process of the agency at a time; what cannot be recalled now is tried at the next turn. */
  round(): Promise<void>;
}

export function createSingleReleases(deps: {
  store: Pick<Store, 'singleRelease' | 'singleReleasesDue' | 'statement' | 'claim' | 'commit'>;
  issue: Pick<IssueActs, 'release'>;
  recall: (ends: SingleReleaseEnd, by: Actor) => Promise<unknown>;
  /** The policy of this agency. */
  allowed: boolean;
  /** Entity id of this node. */
  self: string;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  logger: Logger;
}): SingleReleases {
  const { store, now } = deps;

  async function undecided(statement: Digest, by: Actor): Promise<SingleReleaseRecord> {
    const single = await store.singleRelease(statement);
    if (!single) throw new Problem('not_found', 'nobody has released such a statement alone');
    if (single.officer === by.pseudonym) throw new Problem('same_person', 'who released it alone does not confirm it');
    if (single.outcome !== undefined) throw new Problem('conflict', `this release is ${single.outcome} already`);
    if (now() >= single.confirmBy) throw new Problem('too_late', 'the limit has passed: it is recalled');
    return single;
  }

  /** With random bits, as the act of release: whoever knows its digest cannot guess at it. */
  const actOf = (said: Record<string, unknown>): string =>
    JSON.stringify({ ...said, n: Buffer.from(deps.random(16)).toString('base64url') });

  /** It may have been recalled by officers before: that recall ends it, too. */
  async function end(ends: SingleReleaseEnd, by: Actor): Promise<void> {
    const record = await store.statement(ends.statement);
    const recalled = record?.reversals.find(({ type, whole }) => type === 'recalls' && whole);
    if (!recalled) return void (await deps.recall(ends, by));
    await store.commit({
      singleReleaseDecisions: [{ ...ends, recall: recalled.by }],
      notices: [decided(ends, deps.self)],
      access: [accessEntry(by, 'ALTER', { object: ends.statement, code: ends.outcome })],
    });
  }

  async function lapse({ statement }: SingleReleaseRecord): Promise<void> {
    try {
      await end({ statement, outcome: 'lapsed' }, nodeActor);
      deps.logger.warn({ statement }, 'one officer released it alone, and nobody has confirmed that in time: it is recalled');
    } catch (error) {
      const reason = error instanceof Problem ? error.code : (error as Error).message;
      deps.logger.error({ statement, reason }, 'what nobody has confirmed could not be recalled; it is tried again');
    }
  }

  return {
    release: async ({ draft, ...decision }) => {
      const urgency = draft.input.body.urgency as string | undefined;
      const refusal = refusalOfSingleRelease({ kind: draft.kind, urgency, allowed: deps.allowed });
      if (refusal) throw new Problem('single_release_refused', refusal.reason);
      return await deps.issue.release({ ...decision, draft, confirmBy: afterTerm(now(), deadlineOf('single_release.confirm')) });
    },
    confirm: async ({ statement, checklist, reason, by }) => {
      await undecided(statement, by);
      const outcome = 'confirmed' as const;
      const act = actOf({ statement, outcome, officer: by.pseudonym, checklist, reason });
      await store.commit({
        singleReleaseDecisions: [{ statement, outcome, by: by.pseudonym, act }],
        notices: [decided({ statement, outcome }, deps.self)],
        access: [accessEntry(by, 'ALTER', { object: statement, code: outcome })],
      });
    },
    reject: async ({ statement, reason, by }) => {
      await undecided(statement, by);
      const outcome = 'rejected' as const;
      await end({ statement, outcome, by: by.pseudonym, act: actOf({ statement, outcome, officer: by.pseudonym, reason }) }, by);
    },
    round: async () => {
      if ((await store.singleReleasesDue(now())).length === 0) return;
      const claim = await store.claim('single releases');
      if (!claim) return;
      try {
        for (const single of await store.singleReleasesDue(now())) await lapse(single);
      } finally {
        await claim[Symbol.asyncDispose]();
      }
    },
  };
}
