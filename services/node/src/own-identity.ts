/** This node's identity while it runs: keys roll over, and nobody who holds it has to be told. docs/protocol.md sections 1 and 2. */
import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { acceptConfiguration, SealError } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import type { OwnKeyWrite, Store } from '@entente/store';
import type { Logger } from 'pino';
import type { Config } from './config/schema.js';
import { type Identity, keyRow, loadIdentity } from './identity.js';

export interface OwnIdentity extends Identity {
  /**
   * Takes what an administrator has published since, if anything. `told` is given the new configuration before anything is signed with its
   * keys; `rolled` before that the new identity, where it names a new log. False: nothing has changed, or it may not replace what is published.
   */
  renew(told: (configuration: string) => Promise<void>, rolled: (next: Identity) => Promise<void>): Promise<boolean>;
}

export function openOwnIdentity(
  config: Config,
  deps: { now: () => number; used: (key: string) => void; logger: Logger },
): OwnIdentity & { record(store: Pick<Store, 'ownKeys' | 'commit'>): Promise<void> } {
  const { now, used, logger } = deps;
  const load = () => loadIdentity(config, now, used);
  const changedAt = () => statSync(config.entity_configuration_file).mtimeMs;
  let seen = changedAt();
  let current = load();
  let record: (identity: Identity) => Promise<void> = async () => undefined;

  /** The same rules by which every partner judges it: what they would refuse is not taken here either. */
  async function mayReplace(next: Identity): Promise<boolean> {
    const held = { configuration: current.published, pin: pinOf(current), jwt: current.configuration };
    try {
      await acceptConfiguration(held, next.configuration, { now: now(), verifiable: verificationKey });
      return true;
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      logger.error(
        { code: error.code, reason: error.message },
        'the entity configuration on disk may not replace the one that is published',
      );
      return false;
    }
  }

  return {
    id: config.entity_id,
    get configuration() {
      return current.configuration;
    },
    get published() {
      return current.published;
    },
    get keys() {
      return current.keys;
    },
    tls: {
      get key() {
        return current.tls.key;
      },
      get certificate() {
        return current.tls.certificate;
      },
    },
    signer: (use) => current.signer(use),
    get epoch() {
      return current.epoch;
    },
    logOrigin: (log, epoch) => current.logOrigin(log, epoch),
    noteSigner: (log, epoch) => current.noteSigner(log, epoch),
    witnessSigner: () => current.witnessSigner(),
    record: async (store) => {
      record = async (identity) => {
        const ends = ({ notAfter, revokedAt, compromisedFrom }: OwnKeyWrite) => [notAfter, revokedAt, compromisedFrom].join();
        const known = new Map((await store.ownKeys()).map((key) => [key.kid, ends(key)]));
        const ownKeys = identity.keys.map(keyRow).filter((key) => known.get(key.kid) !== ends(key));
        if (ownKeys.length > 0) await store.commit({ ownKeys });
      };
      await record(current);
    },
    renew: async (told, rolled) => {
      const changed = changedAt();
      if (changed === seen) return false;
      const next = load();
      // Published first and put in place then: what partners do not know is not shown.
      if (!shows(next)) return false;
      if (next.configuration === current.configuration || !(await mayReplace(next))) {
        seen = changed;
        return false;
      }
      await record(next);
      if (next.epoch !== current.epoch) await rolled(next);
      seen = changed; // only now: while the database is away it is tried again
      await told(next.configuration);
      current = next;
      logger.info({ iat: next.published.iat }, 'this node has taken its new entity configuration');
      return true;
    },
  };
}

const shows = ({ tls, published }: Identity): boolean => {
  const { fingerprint256 } = new X509Certificate(tls.certificate);
  return published.certificates.some(({ fingerprint }) => fingerprint === fingerprint256);
};

const pinOf = ({ configuration }: Identity): string =>
  (JSON.parse(Buffer.from(configuration.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
