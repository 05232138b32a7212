/** Keys roll over while the node runs: every partner is told before anything is signed with the new ones. docs/protocol.md section 1. */
import type { PeerRecord } from '@entente/store';
import type { Logger } from 'pino';
import type { Dial } from '../federation/dial.js';
import type { Identity } from '../identity.js';
import type { OwnIdentity } from '../own-identity.js';
import type { Directory } from './directory.js';

const LOOK_EVERY_MS = 1000;
/** Of those who could not be told, so many looks later. */
const AGAIN_AFTER_LOOKS = 10;

export function announceChanges(deps: {
  identity: OwnIdentity;
  directory: Pick<Directory, 'active'>;
  connected: <T>(peer: PeerRecord, use: (connection: Dial) => Promise<T>) => Promise<T>;
  /** Ends the present log and begins the one that the new identity names. */
  rollLog: (next: Identity) => Promise<void>;
  /** The listener shows and trusts what holds now. */
  renewed: () => void;
  logger: Logger;
}): AsyncDisposable {
  const { identity, directory, connected, rollLog, renewed, logger } = deps;

  const untold = new Set<string>();

  async function tell(configuration: string): Promise<void> {
    for (const { id } of directory.active()) untold.add(id);
    await tellUntold(configuration);
  }

  /** Who does not hear it now fetches it when he comes back, before he judges anything; who stays is told again. */
  async function tellUntold(configuration: string): Promise<void> {
    await Promise.all(directory.active().map(async (peer) => untold.has(peer.id) && (await tellOne(peer, configuration))));
  }

  async function tellOne(peer: PeerRecord, configuration: string): Promise<void> {
    try {
      const { status } = await connected(peer, (connection) => connection.send('/configuration', configuration));
      if (status >= 300) logger.error({ peer: peer.id, status }, 'this partner does not take the new entity configuration');
      if (status < 500) untold.delete(peer.id);
    } catch (error) {
      logger.warn({ peer: peer.id, reason: (error as Error).message }, 'this partner could not be told of the new entity configuration');
    }
  }

  let looks = 0;
  async function look(): Promise<void> {
    looks += 1;
    if (await identity.renew(tell, rollLog)) renewed();
    else if (untold.size > 0 && looks % AGAIN_AFTER_LOOKS === 0) await tellUntold(identity.configuration);
  }

  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= look()
      .catch((error: Error) => logger.error({ reason: error.message }, 'the entity configuration on disk cannot be taken'))
      .then(() => {
        running = undefined;
      });
  }, LOOK_EVERY_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
