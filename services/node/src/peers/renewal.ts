/** Newer configurations of known peers: over the pinned connection, or with what was relayed. Trust on first use does not exist here. docs/protocol.md section 2. */
import { acceptConfiguration, assertUnique, inspectEntityConfiguration } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import type { PeerRecord, Store } from '@entente/store';
import type { Logger } from 'pino';
import type { Dial } from '../federation/dial.js';
import type { Identity } from '../identity.js';
import type { Directory } from './directory.js';
import { peerRow } from './pin.js';

export interface Renewal {
  /** Takes the peer's configuration if it is a newer one; a configuration that may not replace the held one is named in the log and left. */
  fetch(peer: PeerRecord, connection: Dial): Promise<void>;
  /** The same, over a connection made for it: for whoever was shown a signature by a key that he does not know. */
  catchUp(peer: PeerRecord): Promise<void>;
  /** Takes a newer configuration, whoever brought it: the pinned key vouches for it. Throws a SealError for one that may not replace the held one. */
  take(peer: PeerRecord, jwt: string): Promise<void>;
}

export function createRenewal(deps: {
  store: Pick<Store, 'commit'>;
  identity: Identity;
  directory: Directory;
  logger: Logger;
  now: () => number;
  connected: <T>(peer: PeerRecord, use: (connection: Dial) => Promise<T>) => Promise<T>;
}): Renewal {
  async function take(peer: PeerRecord, jwt: string): Promise<void> {
    const held = {
      configuration: inspectEntityConfiguration(peer.configuration).configuration,
      pin: peer.thumbprint,
      jwt: peer.configuration,
    };
    const { configuration, pin } = await acceptConfiguration(held, jwt, { now: deps.now(), verifiable: verificationKey });
    const self = { id: deps.identity.id, keys: deps.identity.keys, certificates: [] };
    assertUnique([configuration, self, ...deps.directory.all().filter((other) => other.id !== peer.id)]);
    await deps.store.commit({
      peers: [peerRow(configuration, jwt, pin ?? peer.thumbprint, pin === undefined ? 'suspended' : peer.state, peer)],
    });
    await deps.directory.refresh();
  }

  async function fetch({ id }: PeerRecord, connection: Dial): Promise<void> {
    const peer = deps.directory.peer(id)!; // as it is held now, which may be later than the caller's
    const jwt = (await connection.text('/configuration')).trim();
    if (jwt === peer.configuration) return;
    await take(peer, jwt).catch((error: Error) =>
      deps.logger.error({ peer: peer.id, reason: error.message }, 'the newer configuration of this peer was not taken'),
    );
  }
  return { take, fetch, catchUp: (peer) => deps.connected(peer, (connection) => fetch(peer, connection)) };
}
