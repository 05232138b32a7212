/** Whom this node trusts: administrator's acts. docs/protocol.md section 2. */
import { assertUnique, type EntityConfiguration, pinEntity, SealError } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import type { PeerWrite, Store } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor, PeerActs } from '../agency/acts.js';
import { type Identity, keyRow } from '../identity.js';
import { Problem } from '../problem.js';
import type { Directory } from './directory.js';

export interface PinDeps {
  store: Pick<Store, 'commit'>;
  identity: Identity;
  directory: Directory;
  now: () => number;
}

export function createPeerActs({ store, identity, directory, now }: PinDeps): PeerActs {
  async function add(request: { configuration: string; thumbprint: string; by: Actor }): Promise<{ id: string }> {
    const jwt = request.configuration.trim();
    const { configuration, pin } = await refusing('peer_invalid', () =>
      pinEntity(jwt, request.thumbprint, { now: now(), verifiable: verificationKey }),
    );
    if (configuration.id === identity.id) throw new Problem('peer_invalid', 'this is the configuration of this node itself');
    await refusing('peer_invalid', async () => assertUnique([configuration, ...others(configuration.id)]));
    await write(peerRow(configuration, jwt, pin, 'active', directory.peer(configuration.id)), request.by);
    return { id: configuration.id };
  }

  /** Everybody else whose keys and certificates may not be claimed again: this node and the other peers. */
  function others(id: string) {
    const self = { id: identity.id, keys: identity.keys, certificates: [] };
    return [self, ...directory.all().filter((peer) => peer.id !== id)];
  }

  async function change({ id, by, ...members }: Parameters<PeerActs['change']>[0]): Promise<void> {
    await write({ ...known(id), ...members }, by);
  }
  async function remove({ id, by }: { id: string; by: Actor }): Promise<void> {
    await write({ ...known(id), state: 'removed' }, by);
  }
  function known(id: string): PeerWrite {
    const peer = directory.peer(id);
    if (!peer) throw new Problem('not_found', 'this node has no such peer');
    const { pinnedAt: _, ...row } = peer;
    return row;
  }
  async function write(row: PeerWrite, by: Actor): Promise<void> {
    await store.commit({
      peers: [row],
      access: [accessEntry(by, 'ALTER', { object: row.id, code: `${row.state}, up to ${row.ceiling}, ${row.transferBasis}` })],
    });
    await directory.refresh();
  }
  return { add, change, remove };
}

/** What the link may carry is the administrator's word and stays when the partner publishes anew; a new link carries nothing classified. */
export const peerRow = (
  configuration: EntityConfiguration,
  jwt: string,
  pin: string,
  state: PeerWrite['state'],
  link: Pick<PeerWrite, 'ceiling' | 'transferBasis'> = { ceiling: 'NONE', transferBasis: 'SAFEGUARDS_INSTRUMENT' },
): PeerWrite => ({
  id: configuration.id,
  state,
  thumbprint: pin,
  name: configuration.organizationName,
  country: configuration.country,
  agencyType: configuration.agencyType,
  configuration: jwt,
  configurationIat: configuration.iat,
  federationUrl: configuration.endpoints.federation!,
  ceiling: link.ceiling,
  transferBasis: link.transferBasis,
  keys: configuration.keys.map(keyRow),
  certificates: configuration.certificates,
});

/** A document that a person brought is wrong in a way that he can be told. */
export async function refusing<T>(code: 'peer_invalid' | 'agreement_invalid', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SealError && error.code === 'not_pinned') {
      throw new Problem(
        'thumbprint_mismatch',
        'the key that signed this configuration has another thumbprint than the one given; ask the agency again, by another channel',
      );
    }
    if (error instanceof SealError && error.code === 'key_not_unique') throw new Problem('key_not_unique', error.message);
    if (error instanceof SealError) throw new Problem(code, error.message);
    throw error;
  }
}
