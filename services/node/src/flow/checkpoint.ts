/** Cuts signed checkpoints on the schedule, over committed leaves, after this node has proven to itself that its log only grew. docs/protocol.md section 9. */
import { setTimeout as pause } from 'node:timers/promises';
import { consistencyProof, type ReadHashes, signCheckpoint, verifyConsistency } from '@entente/ledger';
import type { CheckpointToSign, LogName, Store } from '@entente/store';
import type { Logger } from 'pino';
import type { CheckpointActs } from '../agency/acts.js';
import type { Identity } from '../identity.js';
import { anchorAccessLog } from '../log/access-root.js';
import { hashesOf } from '../log/proof.js';
import { Problem } from '../problem.js';
import type { Rounds } from '../witness/rounds.js';

/** Signs a checkpoint after this node has proven to itself that the log grew from the one before. */
export async function signGrown(
  identity: Pick<Identity, 'logOrigin' | 'noteSigner'>,
  log: LogName,
  { epoch, size, root, previous }: CheckpointToSign,
  hashes: ReadHashes,
): Promise<string> {
  if (previous && previous.size > 0) {
    const proof = await consistencyProof(previous.size, size, hashes);
    verifyConsistency({ from: previous, to: { size, root }, proof });
  }
  return await signCheckpoint({ origin: identity.logOrigin(log, epoch), size, root }, identity.noteSigner(log, epoch));
}

/** A cut signs once and writes two rows. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 20;

export function createCheckpoints(deps: { store: Store; identity: Identity }): CheckpointActs {
  const { store, identity } = deps;

  /** Over everything that was committed before. Whoever else is at it cuts for us, too, or lets us in when it has ended. */
  async function cut(log: LogName): ReturnType<CheckpointActs['cut']> {
    const { epoch, reach } = await store.log(log);
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await pause(AGAIN_MS)) {
      // While an epoch is being opened its key is not in place yet, and partners do not know its log.
      if ((await store.log(log)).epoch === identity.epoch)
        await store.cutCheckpoint(log, (due) => signGrown(identity, log, due, hashesOf(store, log, due.epoch)));
      const latest = await store.latestCheckpoint(log);
      if ((latest?.size ?? 0) >= reach || (latest?.epoch ?? 0) > epoch) return latest;
    }
    throw new Problem('unavailable', 'another checkpoint is being cut; ask again');
  }
  return { cut };
}

/** Runs until disposed; one process of the agency cuts, the others stand by. */
export function scheduleCheckpoints(deps: {
  store: Store;
  checkpoints: CheckpointActs;
  logger: Logger;
  now: () => number;
  intervalSeconds: number;
  /** What follows on each cut. */
  rounds: Rounds;
}): AsyncDisposable {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    // A round that takes longer than the interval is not followed by all those that it delayed.
    running ??= round()
      .catch((error: unknown) => deps.logger.error({ reason: (error as Error).message }, 'no checkpoint could be cut'))
      .finally(() => {
        running = undefined;
      });
  }, deps.intervalSeconds * 1000);

  async function round(): Promise<void> {
    const claim = await deps.store.claim('checkpoint');
    if (!claim) return;
    try {
      await deps.checkpoints.cut('access');
      await anchorAccessLog(deps.store, deps.now());
      await deps.checkpoints.cut('exchange');
      await deps.rounds.run();
    } finally {
      await claim[Symbol.asyncDispose]();
    }
  }
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
