import type { ChainState } from './epoch-chain.js';
import { AuditorError } from './error.js';
import type { Feed } from './evidence/evidence.js';
import type { Finding } from './finding.js';
import type { WalkedLog, WalkState } from './log-walk.js';
import type { MatcherState } from './matcher.js';
import type { LogName } from './source.js';

/** How far a verification has come: everything that the next run needs to go on from there. JSON; its size does not grow with the log. */
export interface VerifyState {
  type: 'entente-verification';
  version: 1;
  /** Entity id of the audited node. */
  node: string;
  /** Epoch that was the present one when it began, and the checkpoint up to which it reads. */
  epoch: number;
  note: string;
  /** Where it stands. */
  at: { log: LogName; epoch: number; walk: WalkState };
  /** Logs that are read whole. */
  done: WalkedLog[];
  chain: ChainState;
  /** Objects and leaves that wait for each other; empty once the exchange log is done. */
  matchers: MatcherState[];
  feeds: [string, Feed][];
  voided: string[];
  findings: Finding[];
  signatures: number;
}

/** Written by the auditor for itself; only its form is judged. @throws {AuditorError} `bad_input` */
export function parseVerifyState(text: string): VerifyState {
  const state = parse(text);
  if (state?.type !== 'entente-verification' || state.version !== 1)
    throw new AuditorError('bad_input', 'this is no verification that was begun, version 1: name another file, or remove it to begin anew');
  return state as VerifyState;
}

function parse(text: string): Partial<VerifyState> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
