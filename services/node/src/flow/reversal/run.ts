/** Applies what was recalled and corrected, and answers: when it comes, at start, and by the clock. Officers decide what the policy leaves to them. */
import type { ReversalRecord, Store } from '@entente/store';
import type { Logger } from 'pino';
import type { Actor, ReversalActs } from '../../agency/acts.js';
import { Problem } from '../../problem.js';
import { nodeActor } from '../node-actor.js';
import { type ApplyDeps, apply } from './apply.js';
import { type ComplyDeps, comply } from './comply.js';

export interface Reversing extends Pick<ReversalActs, 'execute' | 'except'> {
  /** Everything that is to do now. One process of the agency at a time. */
  round(): Promise<void>;
}

export function createReversing(
  deps: ApplyDeps &
    ComplyDeps & {
      store: Pick<Store, 'reversal' | 'reversalsToDo' | 'claim'>;
      logger: Logger;
      erasure: 'automatic' | 'officer';
      forward: (reversal: ReversalRecord) => Promise<number>;
    },
): Reversing {
  async function round(): Promise<void> {
    const todo = await deps.store.reversalsToDo(deps.now());
    if (todo.length === 0) return;
    const claim = await deps.store.claim('reversals');
    if (!claim) return;
    try {
      for (const reversal of await deps.store.reversalsToDo(deps.now())) await one(reversal);
    } finally {
      await claim[Symbol.asyncDispose]();
    }
  }

  /** One that cannot be carried out holds up no other. */
  async function one(reversal: ReversalRecord): Promise<void> {
    try {
      await carryOut(reversal, deps.erasure === 'automatic', nodeActor);
    } catch (error) {
      const reason = error instanceof Problem ? error.code : (error as Error).message;
      deps.logger.error({ reversal: reversal.statement, reason }, 'a recall or correction could not be carried out; it is tried again');
    }
  }

  async function carryOut(reversal: ReversalRecord, erasing: boolean, by: Actor): Promise<void> {
    const { outcome, derivatives } = await apply(deps, reversal, erasing);
    const informed = reversal.own ? 0 : await deps.forward(reversal);
    const isNew = outcome !== undefined && !reversal.own && (reversal.outcome === undefined || reversal.outcome === 'EXCEPTION');
    if (isNew) await comply(deps, reversal, { outcome, derived: derivatives, informed }, by);
  }

  async function waiting(statement: string): Promise<ReversalRecord> {
    const reversal = await deps.store.reversal(statement);
    if (!reversal) throw new Problem('not_found', 'there is no such recall here');
    const stopped = (await deps.store.appliedOf(statement)).some(({ state }) => state === 'stopped');
    if (!stopped) throw new Problem('conflict', 'nothing of this recall waits for an officer');
    return reversal;
  }

  return {
    round,
    execute: async ({ statement, by }) => {
      const reversal = await waiting(statement);
      if (await deps.store.hold(reversal.target))
        throw new Problem('on_hold', 'a legal hold keeps it; lift the hold, or claim an exception');
      await carryOut(reversal, true, by);
    },
    except: async ({ statement, by, ...exception }) => {
      const reversal = await waiting(statement);
      if (reversal.own) throw new Problem('conflict', 'an originator owes nobody an answer about its own recall');
      if (Date.parse(exception.keptUntil) / 1000 <= deps.now()) throw new Problem('invalid_request', 'kept_until has passed');
      const { derivatives } = await apply(deps, reversal, false);
      await comply(deps, reversal, { outcome: 'EXCEPTION', derived: derivatives, exception }, by);
    },
  };
}
