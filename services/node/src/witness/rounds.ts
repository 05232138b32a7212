/** After each checkpoint on the schedule, one round with every partner: asks for its cosignature, follows its log, compares third ones. */
import type { PeerRecord } from '@entente/store';
import type { Logger } from 'pino';
import { type Dial, dial } from '../federation/dial.js';
import type { TlsIdentity } from '../federation/listener.js';
import type { Directory } from '../peers/directory.js';
import type { Comparison } from './comparison.js';
import type { Gathering } from './gather.js';

export interface Rounds {
  run(): Promise<void>;
}

export const connectedBy =
  (tls: TlsIdentity) =>
  async <T>(peer: PeerRecord, use: (connection: Dial) => Promise<T>): Promise<T> => {
    const connection = dial(peer, tls);
    try {
      return await use(connection);
    } finally {
      await connection.close();
    }
  };

export function createRounds(deps: {
  directory: Pick<Directory, 'active'>;
  connected: ReturnType<typeof connectedBy>;
  gathering: Gathering;
  comparison: Comparison;
  logger: Logger;
}): Rounds {
  const { directory, connected, gathering, comparison, logger } = deps;

  async function withPeer(peer: PeerRecord): Promise<void> {
    await connected(peer, async (connection) => {
      for (const step of [gathering.ask, comparison.follow, comparison.compare]) await attempt(peer, () => step(peer, connection));
    });
  }

  async function attempt(peer: PeerRecord, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      logger.warn({ peer: peer.id, reason: (error as Error).message }, 'a step of the round of witnesses was left out');
    }
  }

  return {
    run: async () => {
      await Promise.all(directory.active().map(withPeer));
      await gathering.judge();
    },
  };
}
