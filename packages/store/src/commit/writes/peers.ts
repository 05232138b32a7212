import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Act, PeerWrite } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { peerCertificate, peerConfiguration, peer as peerTable } from '../../tables/party.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';
import { claimKey, type KeyOwner, readKeyOwners, writePeerKeys } from './keys.js';

const writePeers = inserter(
  peerTable,
  `ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, thumbprint = EXCLUDED.thumbprint, name = EXCLUDED.name, country = EXCLUDED.country,
    agency_type = EXCLUDED.agency_type, configuration = EXCLUDED.configuration, configuration_iat = EXCLUDED.configuration_iat,
    federation_url = EXCLUDED.federation_url, ceiling = EXCLUDED.ceiling, transfer_basis = EXCLUDED.transfer_basis`,
);
const writeConfigurations = inserter(peerConfiguration, 'ON CONFLICT (peer, digest) DO NOTHING');
const writeCertificates = inserter(peerCertificate, 'ON CONFLICT (fingerprint) DO UPDATE SET current = true');

interface Known {
  configurationIats: Map<string, number>;
  keys: Map<string, KeyOwner>;
  /** Peer by fingerprint. */
  certificates: Map<string, string>;
}

async function readKnown(client: pg.ClientBase, writes: readonly PeerWrite[]): Promise<Known> {
  const peers = await client.query<{ id: string; iat: number }>({
    name: 'known peers',
    text: 'SELECT id, configuration_iat AS iat FROM peer WHERE id = ANY ($1)',
    values: [writes.map((peer) => peer.id)],
  });
  const certificates = await client.query<{ fingerprint: string; peer: string }>({
    name: 'known certificates',
    text: 'SELECT fingerprint, peer FROM peer_certificate WHERE fingerprint = ANY ($1)',
    values: [writes.flatMap((peer) => peer.certificates.map((certificate) => certificate.fingerprint))],
  });
  return {
    configurationIats: new Map(peers.rows.map(({ id, iat }) => [id, iat])),
    keys: await readKeyOwners(
      client,
      writes.flatMap((peer) => peer.keys),
    ),
    certificates: new Map(certificates.rows.map(({ fingerprint, peer }) => [fingerprint, peer])),
  };
}

class PeerWriter implements Writer<Act> {
  readonly #writes: { write: PeerWrite; digest: string; at: number }[] = [];

  constructor(readonly known: Known) {}

  add(act: Act, plan: Plan): void {
    for (const write of act.peers ?? []) {
      this.#check(write);
      const digest = createHash('sha256').update(write.configuration).digest('base64url');
      this.#writes.push({ write, digest, at: plan.at });
      plan.leaf(leafOf.peer(write.id, digest));
      plan.notify('peer', write.id);
    }
  }

  #check({ id, configurationIat, keys, certificates }: PeerWrite): void {
    const before = this.known.configurationIats.get(id);
    if (before !== undefined && before > configurationIat)
      throw new StoreError('stale', `a later configuration of ${id} was accepted already`);
    this.known.configurationIats.set(id, configurationIat);
    for (const key of keys) claimKey(this.known.keys, key, id);
    for (const { fingerprint } of certificates) {
      const owner = this.known.certificates.get(fingerprint);
      if (owner !== undefined && owner !== id) throw new StoreError('key_not_unique', `the certificate ${fingerprint} belongs to ${owner}`);
      this.known.certificates.set(fingerprint, id);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    for (const { write, digest, at } of this.#writes) {
      const { id, configuration, configurationIat: iat, keys, certificates } = write;
      yield* writePeers([{ ...write, configuration: digest, pinnedAt: at }]);
      yield* writeConfigurations([{ peer: id, digest, iat, jwt: configuration, at }]);
      yield* writePeerKeys(keys.map((key) => ({ ...key, peer: id })));
      yield { text: 'UPDATE peer_certificate SET current = false WHERE peer = $1 AND current', values: [id] };
      yield* writeCertificates(certificates.map((certificate) => ({ ...certificate, peer: id, current: true })));
    }
  }
}

export const peers: Group<Act> = {
  uses: (act) => act.peers !== undefined,
  open: async (client, acts) => {
    const known = await readKnown(
      client,
      acts.flatMap((act) => act.peers ?? []),
    );
    return () =>
      new PeerWriter({
        configurationIats: new Map(known.configurationIats),
        keys: new Map(known.keys),
        certificates: new Map(known.certificates),
      });
  },
};
