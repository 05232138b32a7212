/** Who this node knows: its peers with their pinned keys and certificates, and the agreements it holds. A copy in memory of what the
 * database says, read again at every wake-up that names a peer or an agreement. */
import { parseAgreement, type SignedAgreement } from '@entente/policy';
import type { FindKey, Use, VerificationKey } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import type { AgreementRecord, OwnKeyWrite, PeerRecord, Store } from '@entente/store';

export interface Directory {
  /** A peer in any state, or undefined. */
  peer(id: string): PeerRecord | undefined;
  /** Everybody ever pinned, in any state. */
  all(): PeerRecord[];
  /** The peers with which this node exchanges now. */
  active(): PeerRecord[];
  /** The active peer that publishes the certificate with this SHA-256 fingerprint, as `fingerprint256` of node:crypto writes it. */
  byCertificate(fingerprint: string): PeerRecord | undefined;
  /** Public keys of the peers, whatever their state (old statements verify for ever), and of this node. */
  findKey: FindKey;
  agreements(): SignedAgreement[];
  refresh(): Promise<void>;
}

export async function openDirectory(store: Pick<Store, 'peers' | 'agreements' | 'ownKeys'>, self: string): Promise<Directory> {
  let peers = new Map<string, PeerRecord>();
  let certificates = new Map<string, PeerRecord>();
  let keys = new Map<string, VerificationKey>();
  let agreements: SignedAgreement[] = [];
  let looks = 0;
  let taken = 0;

  /** Looks may overtake each other; what was read earlier never takes the place of what was read later. */
  async function refresh(): Promise<void> {
    looks += 1;
    const look = looks;
    const [known, signed, own] = await Promise.all([store.peers(), store.agreements(), store.ownKeys()]);
    if (look < taken) return;
    taken = look;
    peers = new Map(known.map((peer) => [peer.id, peer]));
    certificates = new Map(known.filter(isActive).flatMap((peer) => peer.certificates.map((c) => [c.fingerprint, peer] as const)));
    keys = new Map();
    for (const key of own) keys.set(name(self, key.kid, key.use), published(self, key));
    for (const peer of known) for (const key of peer.keys) keys.set(name(peer.id, key.kid, key.use), published(peer.id, key));
    agreements = signed.map(signedOf);
  }
  await refresh();
  return {
    peer: (id) => peers.get(id),
    all: () => [...peers.values()],
    active: () => [...peers.values()].filter(isActive),
    byCertificate: (fingerprint) => certificates.get(fingerprint),
    findKey: (iss, kid, use) => keys.get(name(iss, kid, use)),
    agreements: () => agreements,
    refresh,
  };
}

/** As the policy asks of it. */
export const signedOf = ({ digest, payload, signedBy, acts, answers }: AgreementRecord): SignedAgreement => ({
  digest,
  agreement: parseAgreement(payload as never),
  signedBy,
  acts: acts.map(({ party, act, seq, digest, at }) => ({ party, act, seq, digest, heldAt: at })),
  answers: answers.map(({ denunciation, iss, aud, sent, received }) => ({ denunciation, by: iss, to: aud, sent, received })),
});

const isActive = (peer: PeerRecord): boolean => peer.state === 'active';
const name = (iss: string, kid: string, use: Use): string => `${use} ${kid} ${iss}`;

function published(iss: string, key: OwnKeyWrite): VerificationKey {
  return verificationKey({
    iss,
    kid: key.kid,
    use: key.use,
    alg: key.alg,
    jwk: key.jwk,
    not_before: key.notBefore,
    not_after: key.notAfter,
    ...(key.revokedAt === undefined ? {} : { revoked_at: key.revokedAt }),
    ...(key.compromisedFrom === undefined ? {} : { compromised_from: key.compromisedFrom }),
  });
}
