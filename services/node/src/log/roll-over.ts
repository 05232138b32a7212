/** A new key of the log is a new epoch: the old log is signed to its last leaf, cosigned, and named by the first leaf of the new one. docs/protocol.md section 9.5. */
import { signPage } from '@entente/seal';
import type { PeerRecord, Store } from '@entente/store';
import type { Logger } from 'pino';
import type { Dial } from '../federation/dial.js';
import { signGrown } from '../flow/checkpoint.js';
import { PAGE_ENTRIES } from '../flow/deliver.js';
import type { Identity } from '../identity.js';
import type { Directory } from '../peers/directory.js';
import type { Gathering } from '../witness/gather.js';

/** What partners and officers read of it. */
const REASON = 'The log has a new key.';

type RollLog = (next: Identity) => Promise<void>;

/** Without waiting for witnesses: what a node does that finds at its start that a new log was published while it did not run. */
export function openPublishedEpoch(deps: { store: Pick<Store, 'openEpoch'>; logger: Logger; now: () => number }): RollLog {
  const { store, logger, now } = deps;
  return async (next) => {
    const opened = await store.openEpoch({
      epoch: next.epoch,
      reason: REASON,
      origin: next.logOrigin,
      sign: async (log, last, hashes) => (maySign(next, log, last.epoch) ? signGrown(next, log, last, hashes) : undefined),
      page: {
        max: PAGE_ENTRIES,
        sign: (peer, page) => signPage({ iss: next.id, aud: peer, iat: now(), ...page }, next.signer('release')),
      },
    });
    if (opened) logger.warn({ epoch: next.epoch, origin: next.published.log.origin }, 'the log goes on in a new epoch, under a new key');
  };
}

/** Of a running node: partners still know the old log at this moment, and vouch for how it ended. */
export function rollLog(deps: {
  store: Pick<Store, 'openEpoch' | 'log'>;
  directory: Pick<Directory, 'active'>;
  connected: <T>(peer: PeerRecord, use: (connection: Dial) => Promise<T>) => Promise<T>;
  gathering: Pick<Gathering, 'ask'>;
  logger: Logger;
  now: () => number;
}): RollLog {
  const { store, directory, connected, gathering, logger } = deps;
  const open = openPublishedEpoch(deps);
  return async (next) => {
    const { epoch } = await store.log('exchange');
    if (epoch >= next.epoch) return;
    await open(next);
    await Promise.all(
      directory
        .active()
        .map((peer) =>
          connected(peer, (connection) => gathering.ask(peer, connection, epoch)).catch((error: Error) =>
            logger.warn({ peer: peer.id, reason: error.message }, 'this partner did not vouch for how the old log ended'),
          ),
        ),
    );
  };
}

/** A key that was revoked ends its log where it was signed last; the new log says how it went on. */
function maySign(next: Identity, log: 'exchange' | 'access', epoch: number): boolean {
  try {
    return next.noteSigner(log, epoch) !== undefined;
  } catch {
    return false;
  }
}
