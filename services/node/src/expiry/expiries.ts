/** What runs out, and when: certificates, keys, entity configurations and agreements, of this node and of its partners. Pure. */
import { X509Certificate } from 'node:crypto';
import type { SignedAgreement } from '@entente/policy';
import { inspectEntityConfiguration } from '@entente/seal';
import type { PeerRecord } from '@entente/store';

export type Expiring = 'certificate' | 'key' | 'configuration' | 'agreement';

export interface Expiry {
  what: Expiring;
  /** Entity id: of this node, or of the partner who has to see to it. */
  owner: string;
  /** Fingerprint of the certificate, use of the key, id of the agreement. */
  name: string;
  /** Seconds since the epoch. */
  expiresAt: number;
  /** It ends within the time in which it is announced, or has ended. */
  soon: boolean;
}

/** So long ahead it is announced: time enough for a partner to fetch what is new. */
export const ANNOUNCED_DAYS = 30;

export interface Expirable {
  id: string;
  /** This node's entity configuration (JWT). */
  configuration: string;
  /** The certificate that this node shows, PEM. */
  certificate: string;
  peers: readonly PeerRecord[];
  agreements: readonly SignedAgreement[];
}

/** The soonest first. */
export function expiriesOf({ id, configuration, certificate, peers, agreements }: Expirable, now: number): Expiry[] {
  const own = inspectEntityConfiguration(configuration).configuration;
  const active = peers.filter(({ state }) => state === 'active');
  const found: Omit<Expiry, 'soon'>[] = [
    ofCertificate(id, certificate),
    { what: 'configuration', owner: id, name: 'entity configuration', expiresAt: own.exp },
    ...own.keys
      .filter(({ revoked_at, not_after }) => revoked_at === undefined && not_after > now)
      .map(({ use, not_after }) => ({ what: 'key' as const, owner: id, name: use, expiresAt: not_after })),
    ...active.flatMap((peer) => peer.certificates.map(({ pem }) => ofCertificate(peer.id, pem))),
    ...active.map((peer) => ({
      what: 'configuration' as const,
      owner: peer.id,
      name: 'entity configuration',
      expiresAt: inspectEntityConfiguration(peer.configuration).configuration.exp,
    })),
    ...agreements
      .filter(({ agreement }) => agreement.expires > now)
      .map(({ agreement }) => ({
        what: 'agreement' as const,
        owner: id,
        name: `${agreement.id} version ${agreement.version}`,
        expiresAt: agreement.expires,
      })),
  ];
  return found
    .map((one) => ({ ...one, soon: one.expiresAt - now <= ANNOUNCED_DAYS * 86_400 }))
    .sort((a, b) => a.expiresAt - b.expiresAt || (a.owner < b.owner ? -1 : 1));
}

function ofCertificate(owner: string, pem: string): Omit<Expiry, 'soon'> {
  const { fingerprint256, validTo } = new X509Certificate(pem);
  return { what: 'certificate', owner, name: fingerprint256, expiresAt: Math.floor(Date.parse(validTo) / 1000) };
}

export const daysLeft = (expiresAt: number, now: number): number => Math.floor((expiresAt - now) / 86_400);

/** A sentence for people; what helps depends on whose it is. */
export function expiryWords({ what, owner, name, expiresAt }: Expiry, self: string, now: number): { what: string; mend: string } {
  const days = daysLeft(expiresAt, now);
  const when = days < 0 ? `ended ${-days} days ago` : `ends in ${days} days`;
  const own = owner === self;
  const mends: Record<Expiring, string> = {
    certificate: 'Make a new one with `entente keys renew-tls`, in good time: partners must fetch it before the old one ends.',
    configuration: 'Sign it anew with `entente keys renew-tls`.',
    key: 'Roll it over in good time, so that partners know the new one before this one ends.',
    agreement: 'Agree on a new version with its parties: after that day nothing is released under this one.',
  };
  return {
    what: `${what} ${name}${own ? '' : ` of ${owner}`} ${when}, on ${new Date(expiresAt * 1000).toISOString().slice(0, 10)}`,
    mend: own ? mends[what] : `Tell ${owner}. If it ends, the exchange with that partner stops until a new configuration is pinned.`,
  };
}
