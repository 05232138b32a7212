import { SealError } from '../errors.js';
import { exactly, isCount, isEntityId, readClaims } from './claims.js';
import { openCompact, signCompact } from './compact.js';
import {
  type EntityConfiguration,
  entityConfigurationTyp,
  inspectEntityConfiguration,
  readEntityConfiguration,
} from './entity-configuration.js';
import type { Digest, FindKey, KeyRecord, Signer, Use, VerificationKey } from './keys.js';

/** Turns a public key record into one that verifies; node:crypto, WebCrypto or hardware. @throws when the key is not on its curve */
export type Verifiable = (record: KeyRecord) => VerificationKey;

/** A peer as far as this node trusts it: its configuration and the federation key that vouches for it. */
export interface Pinned {
  configuration: EntityConfiguration;
  /** thumbprint of the federation key */
  pin: Digest;
  jwt: string;
}

const handoverTyp = 'key-handover+jwt';

/**
 * Pins a node by its configuration and the thumbprint of its federation key, which came by another way
 * (docs/protocol.md 2). Nothing else makes a node trusted.
 *
 * @throws SealError not_pinned, expired_configuration, key_not_unique and those of openCompact
 */
export async function pinEntity(
  jwt: string,
  thumbprint: Digest,
  { now, verifiable }: { now: number; verifiable: Verifiable },
): Promise<Pinned> {
  const { configuration, kid } = inspectEntityConfiguration(jwt);
  if (kid !== thumbprint) throw new SealError('not_pinned', kid);
  await verifyConfiguration(jwt, configuration, verifiable);
  if (configuration.exp <= now) throw new SealError('expired_configuration');
  assertUnique([configuration]);
  return { configuration, pin: thumbprint, jwt };
}

/**
 * Takes a newer configuration of a pinned node: signed by the pinned key, or by the announced next one
 * together with a handover of the pinned one. A revocation that the pinned key signs for itself is obeyed:
 * `pin` is then undefined, and an administrator must pin the node again.
 *
 * @throws SealError wrong_issuer, stale_configuration, not_pinned, key_history_changed, key_backdated,
 *   expired_configuration, key_not_unique and those of openCompact
 */
export async function acceptConfiguration(
  held: Pinned,
  jwt: string,
  { now, verifiable }: { now: number; verifiable: Verifiable },
): Promise<Omit<Pinned, 'pin'> & { pin: Digest | undefined }> {
  const { configuration, kid } = inspectEntityConfiguration(jwt);
  if (configuration.id !== held.configuration.id) throw new SealError('wrong_issuer');
  if (configuration.iat <= held.configuration.iat) throw new SealError('stale_configuration');
  if (kid !== held.pin) await verifyHandover(held, configuration, kid, verifiable);
  await verifyConfiguration(jwt, configuration, verifiable);
  if (configuration.exp <= now) throw new SealError('expired_configuration');
  assertHistoryKept(held.configuration, configuration);
  assertUnique([configuration]);
  const own = configuration.keys.find((key) => key.kid === kid)!;
  const revoked = own.revoked_at !== undefined || own.compromised_from !== undefined;
  return { configuration, jwt, pin: revoked ? undefined : kid };
}

/** Signed by the old key and, inside the configuration that the new key signs, by that one too. */
export async function signHandover({ iss, iat, to }: { iss: string; iat: number; to: Digest }, oldKey: Signer): Promise<string> {
  return signCompact(handoverTyp, { iss, iat, to }, oldKey);
}

async function verifyHandover(held: Pinned, configuration: EntityConfiguration, kid: Digest, verifiable: Verifiable): Promise<void> {
  if (kid !== held.configuration.next || configuration.handover === undefined) throw new SealError('not_pinned', kid);
  const { key } = await openCompact(configuration.handover, {
    typ: handoverTyp,
    use: 'federation',
    findKey: findKeyIn([held.configuration], verifiable),
    read: (claims) => readClaims(claims, { iss: isEntityId, iat: isCount, to: exactly(kid) }),
  });
  if (key.kid !== held.pin) throw new SealError('not_pinned', key.kid);
}

/**
 * A key that revokes itself must be able to say so: its own configuration is judged by the signature
 * alone, its times by nothing but not_before and not_after.
 */
async function verifyConfiguration(jwt: string, configuration: EntityConfiguration, verifiable: Verifiable): Promise<void> {
  const find = findKeyIn([configuration], verifiable);
  await openCompact(jwt, {
    typ: entityConfigurationTyp,
    use: 'federation',
    findKey: (iss, kid, use) => {
      const key = find(iss, kid, use);
      if (key === undefined) return undefined;
      const { revoked_at, compromised_from, ...living } = key;
      return living;
    },
    read: (claims) => {
      const { id, iat } = readEntityConfiguration(claims);
      return { iss: id, iat };
    },
  });
}

/** Looks keys up in configurations; each key is made verifiable once. */
export function findKeyIn(configurations: readonly EntityConfiguration[], verifiable: Verifiable): FindKey {
  const records = new Map(configurations.flatMap(({ keys }) => keys.map((key) => [nameOf(key.iss, key.kid, key.use), key])));
  const ready = new Map<string, VerificationKey>();
  return (iss, kid, use) => {
    const name = nameOf(iss, kid, use);
    const record = records.get(name);
    if (record === undefined) return undefined;
    const key = ready.get(name) ?? verifiable(record);
    ready.set(name, key);
    return key;
  };
}

const nameOf = (iss: string, kid: string, use: Use): string => `${iss} ${kid} ${use}`;

/** Old public keys stay published, so that old statements verify for ever; what a key was once said to be, it stays. */
function assertHistoryKept(before: EntityConfiguration, after: EntityConfiguration): void {
  const now = new Map(after.keys.map((key) => [key.kid, key]));
  for (const old of before.keys) {
    const key = now.get(old.kid);
    const same = key !== undefined && key.use === old.use && key.not_before === old.not_before && key.not_after <= old.not_after;
    if (!same || !onlyTightened(old, key)) throw new SealError('key_history_changed', old.kid);
  }
  const known = new Set(before.keys.map(({ kid }) => kid));
  const backdated = after.keys.find((key) => !known.has(key.kid) && key.not_before < before.iat);
  if (backdated !== undefined) throw new SealError('key_backdated', backdated.kid);
}

/** A revocation or a compromise may be added or moved to an earlier time, never taken back. */
const onlyTightened = (old: KeyRecord, key: KeyRecord): boolean =>
  (['revoked_at', 'compromised_from'] as const).every(
    (time) => old[time] === undefined || (key[time] !== undefined && key[time] <= old[time]),
  );

/** What a node claims as its own and nobody else may claim. */
export interface Claimed {
  id: string;
  keys: readonly { kid: string; use: Use }[];
  certificates: readonly { fingerprint: string }[];
  log?: { origin: string };
}

/**
 * A key, certificate or log origin belongs to one node and serves one use (docs/protocol.md 1). Run over all
 * peers and oneself before a peer is taken.
 *
 * @throws SealError key_not_unique
 */
export function assertUnique(nodes: readonly Claimed[]): void {
  const claimed = new Set<string>();
  for (const { keys, certificates, log } of nodes) {
    const names = [...keys.map(({ kid }) => `key ${kid}`), ...certificates.map(({ fingerprint }) => `certificate ${fingerprint}`)];
    if (log !== undefined) names.push(`log ${log.origin}`);
    for (const name of names) {
      if (claimed.has(name)) throw new SealError('key_not_unique', name);
      claimed.add(name);
    }
  }
}
